import { describe, expect, it } from '@jest/globals';
import type { RequestEvent } from '@headrace/contracts';
import { aCallback, aContext, aGeneration, anOutput } from '@headrace/domain/testing';
import type { EventLog } from '@headrace/event-log';
import { aDispatcher, anEndpoint, channelId } from './testing/dispatcher.harness.js';

const at = '2026-01-01T00:00:02.000Z';
const completed = (overrides: Parameters<typeof aContext>[0] = {}): RequestEvent => ({
  type: 'request.completed',
  data: {
    context: aContext(overrides),
    generation: aGeneration(),
    output: anOutput(),
    callback: null,
    completedAt: at,
  },
});
const generated = {
  type: 'request.generated' as const,
  data: {
    context: aContext({ eventName: 'ready' }),
    generation: aGeneration(),
    output: anOutput(),
    generatedAt: at,
    callbackDeadline: at,
  },
};
const failed: RequestEvent = {
  type: 'request.failed',
  data: {
    context: aContext(),
    code: 'provider_failed',
    message: 'Down.',
    details: {},
    generation: null,
    output: null,
    callback: null,
    failedAt: at,
  },
};

const plansOf = async (event: RequestEvent, ...endpoints: ReturnType<typeof anEndpoint>[]) => {
  const dispatcher = aDispatcher(endpoints);
  await dispatcher.planner.plan(await dispatcher.append(event));
  return dispatcher.plans();
};

describe('planning deliveries', () => {
  it('fixes the bytes once, canonical JSON', async () => {
    const [plan] = await plansOf(completed(), anEndpoint('https://one.test/'));
    const body = plan?.data.body ?? '';
    expect(body).toBe(JSON.stringify(JSON.parse(body)));
    expect(JSON.parse(body)).toMatchObject({ type: 'task.completed', channel_id: channelId, data: { answer: 42 } });
    expect(plan?.data).toMatchObject({ webhookType: 'task.completed', callbackUrl: null, environment: 'live' });
  });

  it('tells the backend where to call back', async () => {
    const [plan] = await plansOf(generated, anEndpoint('https://one.test/'));
    const callbackUrl = `https://headrace.test/v1/callback/${channelId}`;
    expect(plan?.data.callbackUrl).toBe(callbackUrl);
    expect(JSON.parse(plan?.data.body ?? '')).toMatchObject({ callback_url: callbackUrl, callback_required: true });
  });

  it('plans each round and each reminder by itself, with the callback URL of the round', async () => {
    const dispatcher = aDispatcher([anEndpoint('https://one.test/')]);
    const earlier = { promptTokens: 1, completionTokens: 1, costUsd: null, durationMs: 1 };
    const progress = { round: 1, stage: 1, toolRounds: 1, answered: ['f'], earlier };
    const next = { ...generated.data, context: aContext({ eventName: 'ready', progress }) };
    const reminder = (number: number, data: typeof generated.data) => ({
      type: 'callback.reminded' as const,
      data: { ...data, number, remindedAt: at },
    });
    for (const event of [
      generated,
      reminder(1, generated.data),
      reminder(2, generated.data),
      { type: generated.type, data: next },
      reminder(1, next),
    ]) {
      const recorded = await dispatcher.append(event);
      await dispatcher.planner.plan(recorded);
      await dispatcher.planner.plan(recorded);
    }
    const plans = dispatcher.plans();
    expect(plans.map(({ data }) => data.webhookType)).toEqual([
      'task.ai_generated',
      'task.reminder',
      'task.reminder',
      'task.ai_generated',
      'task.reminder',
    ]);
    expect(new Set(plans.map(({ data }) => data.deliveryId)).size).toBe(5);
    expect(new Set(plans.map(({ data }) => data.messageId)).size).toBe(5);
    const callbackUrl = `https://headrace.test/v1/callback/${channelId}`;
    expect(plans.map(({ data }) => data.callbackUrl?.replace(callbackUrl, ''))).toEqual([
      '',
      '',
      '',
      '?round=1',
      '?round=1',
    ]);
  });

  it('plans one for each endpoint that wants the type, under one message id', async () => {
    const plans = await plansOf(
      failed,
      anEndpoint('https://one.test/', { id: 'e1' }),
      anEndpoint('https://two.test/', { id: 'e2', events: ['task.failed'] }),
      anEndpoint('https://no.test/', { id: 'e3', events: ['task.completed'] }),
      anEndpoint('https://off.test/', { id: 'e4', active: false }),
    );
    expect(plans.map(({ data }) => data.endpointId).sort()).toEqual(['e1', 'e2']);
    expect(new Set(plans.map(({ data }) => data.messageId)).size).toBe(1);
    expect(new Set(plans.map(({ data }) => data.deliveryId)).size).toBe(2);
  });

  it('plans none where the filters of an endpoint do not take the request', async () => {
    const filter = { workflows: null, eventNames: null, payload: null };
    const event = completed({ workflow: 'orders', customerData: { 'metadata.user_id': 'u1' } });
    const plans = await plansOf(
      event,
      anEndpoint('https://one.test/', { id: 'e1', filter: { ...filter, workflows: ['orders'] } }),
      anEndpoint('https://two.test/', { id: 'e2', filter: { ...filter, workflows: ['support'] } }),
      anEndpoint('https://three.test/', { id: 'e3', filter: { ...filter, eventNames: ['ready'] } }),
      anEndpoint('https://four.test/', { id: 'e4', filter: { ...filter, payload: { 'data.answer': { $gt: 41 } } } }),
      anEndpoint('https://five.test/', { id: 'e5', filter: { ...filter, payload: { 'data.answer': { $lt: 42 } } } }),
      anEndpoint('https://six.test/', {
        id: 'e6',
        filter: { ...filter, payload: { 'customer_data.metadata.user_id': 'u1' } },
      }),
    );
    expect(plans.map(({ data }) => data.endpointId).sort()).toEqual(['e1', 'e4', 'e6']);
  });

  it('knows the event name of a request that has one', async () => {
    const filter = { workflows: null, eventNames: ['ready'], payload: null };
    expect(await plansOf(generated, anEndpoint('https://one.test/', { filter }))).toHaveLength(1);
    const other = { ...filter, eventNames: ['other'] };
    expect(await plansOf(generated, anEndpoint('https://one.test/', { filter: other }))).toEqual([]);
  });

  it('plans for an endpoint that is paused: its deliveries wait', async () => {
    expect(await plansOf(completed(), anEndpoint('https://one.test/', { paused: true }))).toHaveLength(1);
  });

  it('plans one for the request’s own URL', async () => {
    const plans = await plansOf(completed({ webhookUrl: 'https://own.test/x' }), anEndpoint('https://one.test/'));
    expect(plans.map(({ data }) => data.url).sort()).toEqual(['https://one.test/', 'https://own.test/x']);
    expect(
      plans.every(({ address, data }) => /^[\w-]+$/.test(data.endpointId) && address.key === data.deliveryId),
    ).toBe(true);
  });

  it('plans for thousands of endpoints, with few copies of the body in memory at the same time', async () => {
    const endpoints = Array.from({ length: 1_001 }, (_, n) => anEndpoint(`https://r${n}.test/`, { id: `e${n}` }));
    let pending = 0;
    let most = 0;
    const dispatcher = aDispatcher(endpoints, {
      wrapLog: (log) => {
        const append: EventLog['append'] = async (...args) => {
          pending += 1;
          most = Math.max(most, pending);
          return log.append(...args).finally(() => (pending -= 1));
        };
        return Object.assign(Object.create(log) as EventLog, { append });
      },
    });
    await dispatcher.planner.plan(await dispatcher.append(completed()));
    expect(dispatcher.plans()).toHaveLength(1_001);
    expect(most).toBeLessThanOrEqual(200);
  });

  it('plans nothing twice when the event comes again', async () => {
    const dispatcher = aDispatcher([anEndpoint('https://one.test/')]);
    const event = await dispatcher.append(completed({ webhookUrl: 'https://own.test/x' }));
    await dispatcher.planner.plan(event);
    await dispatcher.planner.plan(event);
    expect(dispatcher.plans()).toHaveLength(2);
  });

  it('plans nothing for what the backend itself completed', async () => {
    const event = completed({ eventName: 'ready' });
    if (event.type !== 'request.completed') throw new Error('not the event of this test');
    const ended: RequestEvent = { ...event, data: { ...event.data, callback: aCallback() } };
    expect(await plansOf(ended, anEndpoint('https://one.test/'))).toEqual([]);
  });

  it('carries the trace on', async () => {
    const dispatcher = aDispatcher([anEndpoint('https://one.test/')]);
    const event = await dispatcher.append(completed());
    await dispatcher.planner.plan(event);
    expect(dispatcher.plans()[0]).toMatchObject({ traceParent: event.traceParent, causationId: event.id });
  });
});
