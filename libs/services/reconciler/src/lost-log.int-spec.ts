import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { waitFor } from '@headrace/testing';
import { randomUUID } from 'node:crypto';
import { addressOf, project, ReconcilerStage } from './testing/reconciler.stage.js';
import {
  accepted,
  attempted,
  completed,
  deadLettered,
  generated,
  planned,
  succeeded,
} from './testing/story.fixtures.js';

let stage: ReconcilerStage;
let channel: string;

beforeAll(async () => {
  stage = await ReconcilerStage.start();
});
afterAll(() => stage.stop());
beforeEach(() => {
  channel = randomUUID();
});
afterEach(() => stage.clear());

describe('the reconciler, after NATS lost its store', () => {
  it('puts an accepted request back, which then is at the same state in the read model', async () => {
    const event = accepted();
    await stage.happened(channel, event);
    await stage.loseStore();
    await stage.aReconciler().run();
    expect(await stage.inLog(channel)).toEqual([event]);
    await stage.project(channel);
    const last = await stage.jetStream.eventLog.last({ project, channel, aggregate: 'request' });
    expect(await stage.readModel.request(project, channel)).toMatchObject({
      state: 'accepted',
      sequence: last?.sequence,
    });
    expect(await stage.readModel.timeline(project, channel)).toHaveLength(1);
  });

  it('puts back only the last decision of a request that waits for its callback', async () => {
    const event = generated();
    await stage.happened(channel, accepted(), event);
    await stage.loseStore();
    await stage.aReconciler().run();
    expect(await stage.inLog(channel)).toEqual([event]);
  });

  it('puts the deliveries of an open request back before it, so that none is sent that was sent', async () => {
    const event = generated();
    const open = planned(new Date(Date.now() + 1_000), 'dlv_2');
    await stage.happened(channel, accepted(), event, planned(), succeeded, open);
    await stage.loseStore();
    await stage.aReconciler().run();
    expect(await stage.inLog(channel)).toEqual([succeeded, open, event]);
  });

  it('puts an open delivery back with the bytes it had, when its request has ended long ago', async () => {
    const event = planned();
    await stage.happened(
      channel,
      completed(new Date(Date.now() - 7_200_000)),
      event,
      attempted(new Date(Date.now() + 60_000)),
    );
    const other = channel;
    channel = randomUUID();
    await stage.happened(channel, accepted());
    await stage.loseStore();
    await stage.aReconciler().run();
    channel = other;
    expect(await stage.inLog(channel)).toEqual([event]);
  });

  it('puts the end of a request back that no webhook was planned for yet', async () => {
    const event = completed();
    await stage.happened(channel, event);
    await stage.loseStore();
    await stage.aReconciler().run();
    expect(await stage.inLog(channel)).toEqual([event]);
  });

  it('fails a request visibly when its decisions were not kept', async () => {
    await stage.happened(channel, accepted());
    await stage.dataSource.query('TRUNCATE timeline_events');
    await stage.loseStore();
    await stage.aReconciler().run();
    expect(await stage.inLog(channel)).toMatchObject([{ type: 'request.failed', data: { code: 'log_lost' } }]);
    await stage.project(channel);
    expect(await stage.readModel.request(project, channel)).toMatchObject({ state: 'failed', failureCode: 'log_lost' });
  });

  it('ends a delivery visibly when its payload was not kept', async () => {
    await stage.happened(channel, completed(new Date(Date.now() - 7_200_000)), planned());
    await stage.dataSource.query('TRUNCATE timeline_events');
    await stage.loseStore();
    await stage.aReconciler().run();
    expect((await stage.inLog(channel)).filter(({ type }) => type.startsWith('delivery'))).toMatchObject([
      { type: 'delivery.dead-lettered', data: { deliveryId: 'dlv_1', reason: expect.stringMatching(/^log_lost: /) } },
    ]);
  });

  it('puts dead letters back with their payloads', async () => {
    const event = planned();
    await stage.happened(channel, completed(), event, deadLettered);
    await stage.loseStore();
    await stage.aReconciler().run();
    const letter = { project, channel, endpointId: 'endpoint-1', deliveryId: 'dlv_1' };
    expect(await stage.jetStream.deliveryDeadLetters.find(letter)).toMatchObject({
      planned: event.data,
      end: deadLettered.data,
    });
  });

  it('does it once in two processes at the same time, and nothing at the next time', async () => {
    const event = accepted();
    await stage.happened(channel, event);
    await stage.loseStore();
    await Promise.all([stage.aReconciler().run(), stage.aReconciler().run()]);
    await stage.aReconciler().run();
    expect(await stage.inLog(channel)).toEqual([event]);
  });

  it('runs by itself when NATS is back', async () => {
    const event = accepted();
    const reconciler = stage.aReconciler({ intervalMs: 86_400_000 });
    reconciler.onApplicationBootstrap();
    await reconciler.run();
    await stage.happened(channel, event);
    await stage.loseStore();
    expect(await waitFor(async () => (await stage.inLog(channel)).length > 0 && stage.inLog(channel))).toEqual([event]);
  });

  it('leaves alone what the log has', async () => {
    const events = [accepted(), generated(), planned()];
    await stage.happened(channel, ...events);
    await stage.aReconciler().run();
    expect(await stage.inLog(channel)).toEqual(events);
  });
});

describe('the reconciler, after a log was cut short', () => {
  it('puts back what the log no longer has, though its places are used again', async () => {
    const event = accepted();
    await stage.happened(channel, event);
    await stage.dataSource.query('UPDATE requests SET sequence = sequence + 1000000000');
    await stage.loseChannel(channel);
    await stage.aReconciler().run();
    expect(await stage.inLog(channel)).toEqual([event]);
    const end = completed();
    await stage.jetStream.eventLog.append(addressOf(channel, end), end);
    await stage.project(channel);
    expect(await stage.readModel.request(project, channel)).toMatchObject({ state: 'completed' });
  });
});
