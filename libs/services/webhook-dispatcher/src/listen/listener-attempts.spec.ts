import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ListenerSession, TunnelDelivery, TunnelOutcome } from '@headrace/contracts';
import { aContext, aGeneration, anOutput } from '@headrace/domain/testing';
import type { InMemoryListenerTunnel } from '@headrace/event-log/testing';
import { aDispatcher, channelId, projectId } from '../testing/dispatcher.harness.js';
import { listenerRetryPolicy } from './listener-attempts.js';
import { listenerTargets } from './listener-targets.js';

const aSession = (overrides: Partial<ListenerSession> = {}): ListenerSession => ({
  project: projectId,
  session: 'lsn_1',
  connection: 'c1',
  since: new Date().toISOString(),
  until: new Date(Date.now() + 60_000).toISOString(),
  webhookTypes: null,
  workflows: null,
  ...overrides,
});

const answered = (status: number, more: Partial<Extract<TunnelOutcome, { kind: 'answered' }>> = {}): TunnelOutcome => ({
  kind: 'answered',
  status,
  retryAfter: null,
  body: 'from the laptop',
  durationMs: 0,
  ...more,
});

const away: TunnelOutcome = { kind: 'away' };

describe('who listens', () => {
  const wanting = (overrides: Partial<ListenerSession>) =>
    listenerTargets([aSession(overrides)], { type: 'task.completed', workflow: 'demo' }).length;

  it('gets the webhooks of the types and workflows that it wants', () => {
    expect(wanting({})).toBe(1);
    expect(wanting({ webhookTypes: ['task.completed'], workflows: ['other', 'demo'] })).toBe(1);
    expect(wanting({ webhookTypes: ['task.failed'] })).toBe(0);
    expect(wanting({ workflows: ['other'] })).toBe(0);
  });
});

describe('a delivery to a listening session', () => {
  let dispatcher: ReturnType<typeof aDispatcher>;
  let tunnel: InMemoryListenerTunnel;
  let asked: TunnelDelivery[];
  beforeEach(() => {
    dispatcher = aDispatcher([]);
    tunnel = dispatcher.tunnel;
    asked = [];
  });
  afterEach(() => dispatcher.close());

  /** What the session's client says, one after the other; the last is repeated. */
  function saying(...outcomes: TunnelOutcome[]): void {
    tunnel.serve('lsn_1', 'c1', async (delivery) => {
      asked.push(delivery);
      return outcomes[Math.min(asked.length, outcomes.length) - 1] ?? away;
    });
  }

  /** Ends a request well and delivers what was planned for it. */
  async function deliver(): Promise<void> {
    const data = {
      context: aContext(),
      generation: aGeneration(),
      output: anOutput(),
      callback: null,
      completedAt: '',
    };
    await dispatcher.planner.plan(await dispatcher.append({ type: 'request.completed', data }));
    for (const planned of dispatcher.plans()) await dispatcher.deliver(planned);
  }

  const types = () => dispatcher.deliveryEvents().map(({ type }) => type);
  const lastData = () => dispatcher.deliveryEvents().at(-1)?.data;
  const end = () => tunnel.announce(aSession({ connection: null, until: new Date(0).toISOString() }));

  it('is planned for the session and made through its tunnel, with the local answer as its outcome', async () => {
    await tunnel.announce(aSession());
    saying(answered(204));
    await deliver();
    expect(types()).toEqual(['delivery.planned', 'delivery.succeeded']);
    const [planned] = dispatcher.plans();
    expect(planned?.data).toMatchObject({ endpointId: 'lsn_1', url: 'listen:lsn_1' });
    const { deliveryId, messageId, body } = planned?.data ?? {};
    expect(asked).toMatchObject([
      { channel: channelId, deliveryId, messageId, body, attempt: 1, webhookType: 'task.completed', timeLimitMs: 400 },
    ]);
    expect(lastData()).toMatchObject({ attempt: { number: 1, httpStatus: 204, responseBody: 'from the laptop' } });
  });

  it('is tried again after a failure, with the reason that the client told', async () => {
    await tunnel.announce(aSession());
    const refused = { kind: 'failed', code: 'connection_refused', message: 'Nobody listens.', durationMs: 1 } as const;
    saying(refused, answered(500), answered(302), answered(200));
    await deliver();
    expect(lastData()).toMatchObject({
      attempt: { httpStatus: null, error: { code: 'connection_refused', message: 'Nobody listens.' } },
    });
    await dispatcher.fireTimers();
    expect(lastData()).toMatchObject({ attempt: { httpStatus: 500, error: { code: 'http_status' } } });
    await dispatcher.fireTimers();
    expect(lastData()).toMatchObject({ attempt: { httpStatus: 302, error: { code: 'redirect_not_followed' } } });
    await dispatcher.fireTimers();
    expect(types().at(-1)).toBe('delivery.succeeded');
    expect(asked.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4]);
  });

  it('is a dead letter after the attempts that somebody at a laptop waits for, and at once after 410', async () => {
    await tunnel.announce(aSession());
    saying(answered(500));
    await deliver();
    while (await dispatcher.fireTimers());
    expect(asked).toHaveLength(listenerRetryPolicy.delaysMs.length);
    expect(dispatcher.kept).toMatchObject([{ reason: expect.stringContaining('All 5 attempts failed') }]);
    expect(dispatcher.disabled).toEqual([]);
  });

  it('is put off by a laptop for ten minutes at most', async () => {
    await tunnel.announce(aSession());
    saying(answered(503, { retryAfter: '86400' }));
    await deliver();
    const [retry] = dispatcher.timers.waiting;
    expect((retry?.at.getTime() ?? 0) - Date.now()).toBeLessThanOrEqual(600_000);
  });

  it('ends at once when the local server does not want it, and nothing is switched off', async () => {
    await tunnel.announce(aSession());
    saying(answered(410));
    await deliver();
    expect(dispatcher.kept).toMatchObject([{ reason: expect.stringContaining('410 Gone') }]);
    expect(dispatcher.disabled).toEqual([]);
  });

  it('waits without counting an attempt while the session has no connection', async () => {
    await tunnel.announce(aSession({ connection: null }));
    await deliver();
    await dispatcher.fireTimers();
    expect(types()).toEqual(['delivery.planned']);
    await tunnel.announce(aSession());
    saying(away, answered(200));
    await dispatcher.fireTimers();
    expect(types()).toEqual(['delivery.planned']);
    await dispatcher.fireTimers();
    expect(asked.map(({ attempt }) => attempt)).toEqual([1, 1]);
    expect(types()).toEqual(['delivery.planned', 'delivery.succeeded']);
  });

  it('is given up with the reason when the session ends, whatever it waits for', async () => {
    await tunnel.announce(aSession());
    saying(answered(500));
    await deliver();
    await end();
    await dispatcher.fireTimers();
    expect(types()).toEqual(['delivery.planned', 'delivery.attempted', 'delivery.dead-lettered']);
    expect(dispatcher.kept).toMatchObject([{ reason: 'The listening session has ended.' }]);
    expect(await dispatcher.fireTimers()).toBe(0);
  });

  it('is not planned for a session that is over', async () => {
    await tunnel.announce(aSession());
    await end();
    await deliver();
    expect(types()).toEqual([]);
  });

  it('keeps no more in flight at one session than its share, so that endpoints have their turn', async () => {
    await tunnel.announce(aSession());
    const answer = Promise.withResolvers<TunnelOutcome>();
    tunnel.serve('lsn_1', 'c1', (delivery) => {
      asked.push(delivery);
      return answer.promise;
    });
    const data = {
      context: aContext(),
      generation: aGeneration(),
      output: anOutput(),
      callback: null,
      completedAt: '',
    };
    for (let count = 0; count < 20; count += 1) {
      const channel = `3f9f6b8e-0000-4000-8000-0000000001${String(count).padStart(2, '0')}`;
      await dispatcher.planner.plan(await dispatcher.append({ type: 'request.completed', data }, channel));
    }
    const delivering = dispatcher.plans().map((planned) => dispatcher.deliver(planned));
    await Promise.all(delivering.slice(16));
    expect(asked).toHaveLength(16);
    expect(dispatcher.timers.waiting).toHaveLength(4);
    answer.resolve(answered(200));
    await Promise.all(delivering);
  });
});
