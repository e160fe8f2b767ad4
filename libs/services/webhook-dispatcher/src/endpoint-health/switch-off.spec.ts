import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { aContext, aGeneration, anOutput } from '@headrace/domain/testing';
import type { EventLog } from '@headrace/event-log';
import type { OutboundRequest, OutboundResponse } from '@headrace/outbound-http';
import type { WebhookEndpoint } from '@headrace/project-store';
import { verifyDataSignature, verifyHexSignature } from '@headrace/webhook-signature';
import { Webhook } from 'standardwebhooks';
import { aDispatcher, anEndpoint, aSecret, type HarnessParts } from '../testing/dispatcher.harness.js';
import { fewestFailures } from './failed-for-too-long.js';

const type = 'headrace.endpoint.disabled';
const failingId = '0198d6a0-0000-7000-8000-00000000eeee';
const longAgo = '2026-01-01T00:00:00.000Z';
const failing = anEndpoint('https://failing.test/', { id: failingId, failingSince: longAgo });
const owner = anEndpoint('https://owner.test/', {
  id: 'owner',
  events: ['task.failed', type],
  secrets: [aSecret('the secret of the owner endpoint')],
});
const listensToTasks = anEndpoint('https://tasks.test/', { id: 'tasks', events: ['task.failed'] });

let posts: OutboundRequest[];
let status: number;
beforeEach(() => {
  [posts, status] = [[], 500];
});

const dispatcherFor = (
  endpoints: readonly WebhookEndpoint[],
  settings: HarnessParts['settings'] = {},
  parts: HarnessParts = {},
) => {
  const request = async (post: OutboundRequest): Promise<OutboundResponse> => {
    posts.push(post);
    const timings = { connection: null, firstByteMs: 1, totalMs: 1 };
    const answer = post.url === failing.url ? status : 200;
    return { status: answer, headers: {}, body: Buffer.alloc(0), truncated: false, version: 'http/1.1', timings };
  };
  return aDispatcher(endpoints, { ...parts, outbound: { request }, settings: { circuitFailures: 0, ...settings } });
};
type Dispatcher = ReturnType<typeof dispatcherFor>;

/** Makes the first attempts of as many requests. */
async function attempt(dispatcher: Dispatcher, count: number): Promise<void> {
  for (let request = 0; request < count; request += 1) {
    const data = { context: aContext(), generation: aGeneration(), output: anOutput(), callback: null };
    const ended = { type: 'request.completed' as const, data: { ...data, completedAt: '' } };
    await dispatcher.planner.plan(await dispatcher.append(ended, randomUUID()));
    for (const planned of dispatcher.plans().slice(-1)) await dispatcher.deliver(planned);
  }
}

const decisions = ({ log }: Dispatcher) => log.all.filter(({ type: each }) => each === 'endpoint.disabled');
const notices = (dispatcher: Dispatcher) => dispatcher.plans().filter(({ data }) => data.webhookType === type);

describe('an endpoint from which nothing but failures comes', () => {
  it('is noted at the first one, and at the next success', async () => {
    const dispatcher = dispatcherFor([{ ...failing, failingSince: null }]);
    await attempt(dispatcher, 3);
    expect(dispatcher.noted).toEqual([{ endpointId: failingId, failingSince: expect.stringMatching(/Z$/) }]);
    status = 200;
    await attempt(dispatcher, 2);
    expect(dispatcher.noted).toHaveLength(2);
    expect(dispatcher.noted[1]).toEqual({ endpointId: failingId, failingSince: null });
  });

  it('is switched off after days of it, with a reason', async () => {
    const dispatcher = dispatcherFor([failing]);
    await attempt(dispatcher, fewestFailures - 1);
    expect(decisions(dispatcher)).toEqual([]);
    await attempt(dispatcher, 2);
    expect(dispatcher.disabled).toEqual([{ endpointId: failingId, reason: expect.stringContaining('5 days') }]);
    expect(decisions(dispatcher)).toMatchObject([
      { data: { failingSince: longAgo, lastAttempt: { httpStatus: 500 } } },
    ]);
  });

  it('stays on before the days are over, or when the operator wants no limit', async () => {
    const recent = dispatcherFor([{ ...failing, failingSince: new Date().toISOString() }]);
    await attempt(recent, 2 * fewestFailures);
    const unlimited = dispatcherFor([failing], { disableAfterHours: 0 });
    await attempt(unlimited, 2 * fewestFailures);
    expect([...recent.disabled, ...unlimited.disabled]).toEqual([]);
  });
});

describe('an endpoint that was switched off', () => {
  const gone = async (...endpoints: readonly WebhookEndpoint[]) => {
    status = 410;
    const dispatcher = dispatcherFor([...endpoints, { ...failing, failingSince: null }]);
    await attempt(dispatcher, 1);
    return dispatcher;
  };

  it('is told of at the endpoints that name this type, and at no other', async () => {
    const dispatcher = await gone(owner, listensToTasks, anEndpoint('https://all.test/', { id: 'all' }));
    expect(notices(dispatcher).map(({ data }) => data.endpointId)).toEqual(['owner']);
    expect(notices(dispatcher)[0]?.address.channel).toBe(failingId);
  });

  it('is told of with its facts, signed like any webhook', async () => {
    const dispatcher = await gone(owner);
    for (const notice of notices(dispatcher)) await dispatcher.deliver(notice);
    const post = posts.at(-1);
    const { headers = {} } = post ?? {};
    const body = String(post?.body);
    const facts = {
      endpoint_id: failingId,
      url: failing.url,
      reason: expect.stringContaining('410'),
      failing_since: null,
      last_attempt: expect.objectContaining({
        http_status: 410,
        error: expect.objectContaining({ code: 'http_status' }),
      }),
    };
    expect(JSON.parse(body)).toMatchObject({ type, ...facts, data: facts });
    expect(JSON.parse(body)).toMatchObject({ timestamp: (JSON.parse(body) as { disabled_at: string }).disabled_at });
    const [secret = ''] = owner.secrets;
    const named = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
    );
    expect(named).toMatchObject({ 'mr-channel-id': failingId, 'x-modelriver-webhook-id': 'owner' });
    expect(verifyHexSignature(body, named['mr-signature'] ?? '', secret)).toBe(true);
    expect(
      verifyDataSignature(body, Number(named['mr-timestamp']), named['x-modelriver-signature'] ?? '', secret),
    ).toBe(true);
    expect(new Webhook(secret).verify(body, named)).toEqual(JSON.parse(body));
  });

  it('is not told of at itself, and at no endpoint that is off', async () => {
    status = 410;
    const itself = { ...failing, failingSince: null, events: null };
    const named = { ...itself, events: ['task.completed' as const, type as typeof type] };
    const dispatcher = dispatcherFor([named, { ...owner, active: false }]);
    await attempt(dispatcher, 1);
    expect(dispatcher.disabled).toHaveLength(1);
    expect(notices(dispatcher)).toEqual([]);
  });

  it('is told of once when several attempts in flight say the same', async () => {
    const dispatcher = await gone(owner);
    await attempt(dispatcher, 3);
    expect(decisions(dispatcher)).toHaveLength(1);
    expect(notices(dispatcher)).toHaveLength(1);
  });

  it('is told of although the process died before it could plan that', async () => {
    status = 410;
    let deaths = 1;
    const wrapLog: HarnessParts['wrapLog'] = (log) => {
      const append: EventLog['append'] = (address, event, options) => {
        const isNotice = (event.data as { webhookType?: string }).webhookType === type;
        return isNotice && deaths-- > 0 ? Promise.reject(new Error('killed')) : log.append(address, event, options);
      };
      return Object.assign(Object.create(log) as EventLog, { append });
    };
    const dispatcher = dispatcherFor([owner, { ...failing, failingSince: null }], {}, { wrapLog });
    await expect(attempt(dispatcher, 1)).rejects.toThrow('killed');
    const [planned] = dispatcher.plans();
    if (planned) await dispatcher.deliver(planned, 2);
    expect(dispatcher.disabled).toHaveLength(1);
    expect(notices(dispatcher)).toHaveLength(1);
  });

  it('is told of once more when its owner switched it on and it is switched off again', async () => {
    const dispatcher = await gone(owner);
    const [first] = decisions(dispatcher);
    dispatcher.disabled.length = 0;
    const earlier = new Date(Date.now() - 60_000).toISOString();
    Object.assign(first?.data as object, { disabledAt: earlier });
    await attempt(dispatcher, 1);
    expect(notices(dispatcher)).toHaveLength(2);
    expect(new Set(notices(dispatcher).map(({ data }) => data.messageId)).size).toBe(2);
  });
});
