import { describe, expect, it } from '@jest/globals';
import { InMemoryEventLog } from '@headrace/event-log/testing';
import { ApiError } from '@headrace/http';
import { aProject, projectId } from '@headrace/http/testing';
import { AddressPolicy, OutboundHttpSettings } from '@headrace/outbound-http';
import { GatewaySettings } from '../gateway.config.js';
import { AsyncRequestDto } from './async-request.dto.js';
import { RequestAcceptor, type AskedRequest } from './request-acceptor.js';
import type { ArrivingRequest, RequestGate } from './request-gate.js';

const asker = { projectId, keyId: 'k1', project: aProject() };
const caller = { ip: '192.0.2.1', headers: { 'idempotency-key': 'i1' } };
const anAsked = (fields: Partial<AskedRequest> = {}): AskedRequest => ({
  asker,
  caller,
  body: Object.assign(new AsyncRequestDto(), { workflow: 'demo', messages: [{ role: 'user', content: 'Hello' }] }),
  ...fields,
});

const withGates = (...gates: RequestGate[]) => {
  const log = new InMemoryEventLog();
  const addresses = new AddressPolicy(new OutboundHttpSettings());
  return { log, acceptor: new RequestAcceptor(log, gates, addresses, new GatewaySettings()) };
};

describe('letting a request in', () => {
  it('stores nothing before it is appended, and then notes whose key asked', async () => {
    const { log, acceptor } = withGates();
    const request = await acceptor.admit(anAsked());
    expect(log.all).toHaveLength(0);
    expect(await acceptor.append(request, undefined)).toBe(1);
    expect(log.all[0]).toMatchObject({
      address: { project: projectId, channel: request.channel },
      data: { context: { apiKeyId: 'k1' } },
    });
  });

  it('of a caller that waits brings no event name and no webhook', async () => {
    const { acceptor } = withGates();
    const body = Object.assign(new AsyncRequestDto(), {
      ...anAsked().body,
      events: ['ready'],
      webhook_url: 'http://10.0.0.1/',
    });
    const { accepted } = await acceptor.admit(anAsked({ body, sync: { stream: true } }));
    expect(accepted.context).toMatchObject({ sync: true, stream: true, eventName: null, webhookUrl: null });
  });
});

describe('the gates', () => {
  it('are asked in their order, with all that is known of the request', async () => {
    const seen: [string, ArrivingRequest][] = [];
    const gate = (name: string): RequestGate => ({
      admit: (request) => {
        seen.push([name, request]);
        return { headers: { [name]: 'passed' } };
      },
    });
    const { acceptor } = withGates(gate('x-one'), gate('x-two'));
    const asked = anAsked();
    const { channel, accepted, headers } = await acceptor.admit(asked);
    expect(seen.map(([name]) => name)).toEqual(['x-one', 'x-two']);
    expect(seen[0]?.[1]).toEqual({ channel, asker, caller, body: asked.body, accepted });
    expect(headers).toEqual({ 'x-one': 'passed', 'x-two': 'passed' });
  });

  it('refuse a request with their error', async () => {
    const refusal = new ApiError('rate_limit_exceeded', 'Too many.');
    const { acceptor } = withGates({ admit: () => Promise.reject(refusal) });
    await expect(acceptor.admit(anAsked())).rejects.toBe(refusal);
  });

  it('give a repetition the channel of the first, which is appended once', async () => {
    const channel = '0198d6a0-0000-7000-8000-00000000000c';
    const { log, acceptor } = withGates(
      { admit: () => ({ channel }) },
      { admit: () => Promise.reject(new Error('behind a repetition no gate is asked')) },
    );
    const [first, second] = [await acceptor.admit(anAsked()), await acceptor.admit(anAsked())];
    expect([first.channel, second.channel]).toEqual([channel, channel]);
    expect(await acceptor.append(first, undefined)).toBe(1);
    expect(await acceptor.append(second, undefined)).toBeUndefined();
    expect(log.all).toHaveLength(1);
    expect(second.repeatable).toBe(true);
  });

  it('are all asked of a request that can be repeated, when it comes the first time', async () => {
    const { acceptor } = withGates(
      { admit: ({ channel }) => ({ channel }) },
      { admit: () => ({ headers: { 'x-asked': 'yes' } }) },
    );
    expect(await acceptor.admit(anAsked())).toMatchObject({ repeatable: true, headers: { 'x-asked': 'yes' } });
  });
});
