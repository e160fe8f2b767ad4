import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { RequestEvent } from '@headrace/contracts';
import { aContext, aGeneration, anOutput } from '@headrace/domain/testing';
import { aDispatcher, anEndpoint, type HarnessParts } from './testing/dispatcher.harness.js';
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

/** Plans one delivery for each of so many channels. */
async function planned(channels: number, settings: HarnessParts['settings'], parts: HarnessParts = {}) {
  dispatcher = aDispatcher([anEndpoint(receiver.url)], { ...parts, settings });
  for (let channel = 1; channel <= channels; channel += 1) {
    const data = {
      context: aContext(),
      generation: aGeneration(),
      output: anOutput(),
      callback: null,
      completedAt: '',
    };
    const event: RequestEvent = { type: 'request.completed', data };
    await dispatcher.planner.plan(await dispatcher.append(event, `channel-${channel}`));
  }
  return dispatcher.plans();
}

const typesSeen = () => dispatcher.deliveryEvents().map(({ type }) => type);

describe('a first attempt', () => {
  it('is put off by a timer, without a trace in the log, while the endpoint’s slots are taken', async () => {
    const hang = Promise.withResolvers<ServerResponse>();
    receiver.answers.push(hang.resolve);
    const [first, second] = await planned(2, { inFlightPerEndpoint: 1, waitMs: 0, timeoutMs: 5_000 });
    if (!first || !second) throw new Error('two deliveries were to be planned');
    const slow = dispatcher.deliver(first);
    const held = await hang.promise;
    await dispatcher.deliver(second);
    expect(typesSeen()).toEqual(['delivery.planned', 'delivery.planned']);
    expect(dispatcher.timers.waiting).toMatchObject([{ data: { deliveryId: second.data.deliveryId, attempt: 1 } }]);
    held.end();
    await slow;
    await dispatcher.fireTimers();
    expect(typesSeen().filter((type) => type === 'delivery.succeeded')).toHaveLength(2);
  });

  it('is not begun while the log is away: it could not be recorded, and would be made again', async () => {
    const log = { isReachable: false };
    const wrapLog: HarnessParts['wrapLog'] = (real) =>
      Object.defineProperty(real, 'isReachable', { get: () => log.isReachable });
    let arrived = 0;
    receiver.answers.push((response) => {
      arrived += 1;
      response.end();
    });
    const [delivery] = await planned(1, { inFlightPerEndpoint: 1 }, { wrapLog });
    if (!delivery) throw new Error('nothing was planned');
    await expect(dispatcher.deliver(delivery)).rejects.toThrow('The log is away');
    expect(arrived).toBe(0);
    log.isReachable = true;
    await dispatcher.deliver(delivery, 2);
    expect(arrived).toBe(1);
    expect(typesSeen()).toEqual(['delivery.planned', 'delivery.succeeded']);
  });

  it('that a shutdown cuts short is not recorded: the message comes again', async () => {
    const arrived = Promise.withResolvers<void>();
    receiver.answers.push(() => arrived.resolve());
    const shutdown = new AbortController();
    const [delivery] = await planned(1, { timeoutMs: 5_000 });
    if (!delivery) throw new Error('nothing was planned');
    const delivering = dispatcher.deliver(delivery, 1, shutdown.signal);
    await arrived.promise;
    shutdown.abort();
    await expect(delivering).rejects.toMatchObject({ code: 'aborted' });
    expect(typesSeen()).toEqual(['delivery.planned']);
    await dispatcher.deliver(delivery, 2);
    expect(typesSeen()).toEqual(['delivery.planned', 'delivery.succeeded']);
  });

  it('made by two processes at once ends the delivery once, and a success wins', async () => {
    receiver.answers.push(answering(500), answering(200));
    const [delivery] = await planned(1, {});
    if (!delivery) throw new Error('nothing was planned');
    await Promise.all([dispatcher.deliver(delivery, 1), dispatcher.deliver(delivery, 2)]);
    expect(typesSeen().at(-1)).toBe('delivery.succeeded');
    expect(typesSeen().filter((type) => type === 'delivery.succeeded')).toHaveLength(1);
    // A timer that the failure may have set finds nothing to do.
    await dispatcher.fireTimers();
    expect(receiver.received).toHaveLength(2);
  });
});
