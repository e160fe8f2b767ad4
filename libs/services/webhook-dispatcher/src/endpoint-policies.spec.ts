import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { WebhookEndpoint } from '@headrace/project-store';
import { aContext, aGeneration, anOutput } from '@headrace/domain/testing';
import { aDispatcher, anEndpoint } from './testing/dispatcher.harness.js';
import { answering, startWebhookReceiver, type WebhookReceiver } from './testing/webhook-receiver.js';

let receiver: WebhookReceiver;
let dispatcher: ReturnType<typeof aDispatcher>;
beforeEach(async () => {
  receiver = await startWebhookReceiver();
});
afterEach(async () => {
  await dispatcher.close();
  await receiver.close();
});

/** Plans so many deliveries and makes their first attempts, one after the other. */
async function deliverTo(endpoint: Partial<WebhookEndpoint>, count = 1): Promise<void> {
  dispatcher = aDispatcher([anEndpoint(receiver.url, endpoint)]);
  const data = { context: aContext(), generation: aGeneration(), output: anOutput(), callback: null, completedAt: '' };
  for (let at = 0; at < count; at += 1) {
    await dispatcher.planner.plan(await dispatcher.append({ type: 'request.completed', data }, `channel-${at}`));
  }
  for (const planned of dispatcher.plans()) await dispatcher.deliver(planned);
}

const typesSeen = () => dispatcher.deliveryEvents().map(({ type }) => type);
const day = 86_400_000;

describe('an endpoint with policies of its own', () => {
  it('gets as many attempts as its retry policy says', async () => {
    receiver.answers.push(...Array.from({ length: 5 }, () => answering(500)));
    await deliverTo({ retry: { scheduleSeconds: [0, 60, 600] } });
    const wait = (dispatcher.timers.waiting[0]?.at.getTime() ?? 0) - Date.now();
    expect(wait).toBeGreaterThan(59_000);
    while ((await dispatcher.fireTimers()) > 0);
    expect(receiver.received).toHaveLength(3);
    expect(typesSeen().at(-1)).toBe('delivery.dead-lettered');
  });

  it('gets no more at once than its rate limit says, and the rest in time', async () => {
    await deliverTo({ rateLimitPerSecond: 2 }, 5);
    expect(receiver.received).toHaveLength(2);
    expect(dispatcher.timers.waiting).toHaveLength(3);
    while ((await dispatcher.fireTimers()) > 0);
    expect(receiver.received).toHaveLength(5);
    expect(new Set(receiver.received.map(({ headers }) => headers['mr-attempt']))).toEqual(new Set(['1']));
  });

  it('gets nothing from anybody before the time that it asked for', async () => {
    receiver.answers.push(answering(503, { 'retry-after': '120' }));
    await deliverTo({}, 3);
    expect(receiver.received).toHaveLength(1);
    for (const { at } of dispatcher.timers.waiting) expect(at.getTime() - Date.now()).toBeGreaterThan(118_000);
  });

  it('gets nothing while it is paused, and a dead letter says so after 25 days', async () => {
    await deliverTo({ paused: true });
    expect(receiver.received).toEqual([]);
    expect(typesSeen()).toEqual(['delivery.planned']);
    dispatcher.clock.aheadMs = 25 * day + 60_000;
    await dispatcher.fireTimers();
    expect(dispatcher.kept[0]?.reason).toContain('Not sent for 25 days, because the endpoint was paused');
  });

  it('that fails gets no attempt for deliveries that come while its circuit is open', async () => {
    receiver.answers.push(...Array.from({ length: 10 }, () => answering(500)));
    await deliverTo({}, 25);
    expect(receiver.received).toHaveLength(10);
    while ((await dispatcher.fireTimers()) > 0);
    expect(typesSeen().filter((type) => type === 'delivery.succeeded')).toHaveLength(25);
  });
});
