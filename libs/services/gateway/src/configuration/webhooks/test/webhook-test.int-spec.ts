import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { taskWebhookTypes } from '@headrace/contracts';
import { verifyHexSignature } from '@headrace/webhook-signature';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startConfigurationApi, type Ask, type ConfigurationApi } from '../../testing/configuration.harness.js';

interface Tested {
  readonly type: string;
  readonly webhook_id: string;
  readonly payload: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly attempt: { http_status: number | null; error: { code: string } | null; timings: { total_ms: number } };
}

let api: ConfigurationApi;
let receivers: Server[] = [];
beforeAll(async () => {
  api = await startConfigurationApi();
});
afterAll(() => api.close());
afterEach(() => {
  for (const receiver of receivers.splice(0)) receiver.close().closeAllConnections();
});

/** A receiver on loopback; resolves to its URL. */
async function receiver(onRequest: RequestListener): Promise<string> {
  const server = createServer(onRequest).listen(0, '127.0.0.1');
  receivers = [...receivers, server];
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
}

/** An endpoint as if its URL had passed the guard when it was saved. */
async function anEndpoint(url: string, definition: object = {}) {
  const { projectId, ask } = await api.aProject();
  const { endpoint, secret } = await api.process.endpoints.create(projectId, { url, ...definition });
  return { projectId, ask, id: endpoint.id, secret };
}

const dataOf = (body: unknown): Tested[] => (body as { data: Tested[] }).data;
const test = (ask: Ask, id: string, body?: unknown) => ask('POST', `/v1/webhooks/${id}/test`, body);

describe('POST /v1/webhooks/{id}/test', () => {
  it('sends a sample of each type as the real ones are sent, and tells what came of it', async () => {
    const received: { headers: NodeJS.Dict<string | string[]>; body: string }[] = [];
    const url = await receiver((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      request.on('end', () => {
        received.push({ headers: request.headers, body });
        response.writeHead(202).end('taken');
      });
    });
    const { ask, id, secret } = await anEndpoint(url, { headers: { Authorization: 'Bearer a-credential-1234' } });
    const { status, body } = await test(ask, id);
    expect(status).toBe(200);
    const tested = dataOf(body);
    expect(tested.map(({ type }) => type)).toEqual([
      'task.completed',
      'task.ai_generated',
      'task.reminder',
      'task.failed',
    ]);
    expect(tested.map(({ payload }) => payload)).toEqual(received.map((each) => each.body));
    expect(received.map(({ headers }) => headers['webhook-id'])).toEqual(tested.map(({ webhook_id }) => webhook_id));
    for (const each of received) {
      const signature = String(each.headers['mr-signature']);
      expect(verifyHexSignature(Buffer.from(each.body), signature, secret)).toBe(true);
      expect(each.headers['authorization']).toBe('Bearer a-credential-1234');
    }
    expect(tested[0]).toMatchObject({
      headers: { 'webhook-signature': expect.stringMatching(/^v1,/), Authorization: expect.stringMatching(/^•+1234$/) },
      attempt: { number: 1, http_status: 202, error: null, response_body: 'taken', protocol: 'http/1.1' },
    });
    expect(tested[0]?.attempt.timings.total_ms).toBeGreaterThan(0);
  });

  it('sends one type alone, to a paused and a switched-off endpoint too', async () => {
    const url = await receiver((request, response) => request.resume().on('end', () => response.end()));
    const { projectId, ask, id } = await anEndpoint(url);
    await api.process.endpoints.pause(projectId, id);
    const paused = dataOf((await test(ask, id, { type: 'task.failed' })).body);
    expect(paused).toMatchObject([{ type: 'task.failed', attempt: { http_status: 200 } }]);
    await api.process.endpoints.update(projectId, id, { active: false });
    expect(dataOf((await test(ask, id, { type: 'task.completed' })).body)).toHaveLength(1);
  });

  it('answers 200 when the receiver fails, with the reason, and tries once only', async () => {
    let calls = 0;
    const url = await receiver((_, response) => {
      calls += 1;
      response.writeHead(500).end('oops');
    });
    const { ask, id } = await anEndpoint(url);
    const { status, body } = await test(ask, id, { type: 'task.completed' });
    expect([status, calls]).toEqual([200, 1]);
    expect(dataOf(body)).toMatchObject([{ attempt: { http_status: 500, error: { code: 'http_status' } } }]);
  });

  it('ends in time although the receiver hangs, and sends every type', async () => {
    let calls = 0;
    const url = await receiver(() => (calls += 1));
    const { ask, id } = await anEndpoint(url);
    const started = performance.now();
    const { body } = await test(ask, id);
    expect(performance.now() - started).toBeLessThan(4_500);
    expect(dataOf(body).map(({ attempt }) => attempt.error?.code)).toEqual(taskWebhookTypes.map(() => 'timeout'));
    expect(calls).toBe(taskWebhookTypes.length);
  });

  it('calls no address that the guard refuses', async () => {
    const { ask, id } = await anEndpoint('https://inside.example.com/hook');
    const { status, body } = await test(ask, id, { type: 'task.completed' });
    expect(status).toBe(200);
    expect(dataOf(body)).toMatchObject([{ attempt: { http_status: null, error: { code: 'blocked_address' } } }]);
  });

  it('lets a project make few tests at a time', async () => {
    const arrived = Promise.withResolvers<void>();
    let calls = 0;
    const url = await receiver(() => {
      calls += 1;
      if (calls === 4) arrived.resolve();
    });
    const { ask, id } = await anEndpoint(url);
    const running = Array.from({ length: 4 }, () => test(ask, id, { type: 'task.completed' }));
    await arrived.promise;
    const { status, headers, body } = await test(ask, id);
    expect([status, headers.get('retry-after'), body.error.code]).toEqual([429, '1', 'rate_limit_exceeded']);
    await Promise.all(running);
  });

  it('refuses a type that there is not, naming the field', async () => {
    const { ask, id } = await anEndpoint('https://hooks.example.com/');
    for (const type of ['task.started', null, 7]) {
      const { status, body } = await test(ask, id, { type });
      expect([status, body.error.param]).toEqual([400, 'type']);
    }
  });

  it('is 404 for an endpoint that the project does not have, and 401 without a key', async () => {
    const { id } = await anEndpoint('https://hooks.example.com/');
    const other = await api.aProject();
    expect((await test(other.ask, id)).status).toBe(404);
    expect((await test(other.ask, 'nothing')).status).toBe(404);
    expect((await api.ask('POST', `/v1/webhooks/${id}/test`)).status).toBe(401);
  });
});
