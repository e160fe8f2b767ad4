import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { callbackDeadlineConsumer, callbackDeadlineTimer, type DeliveryAttempt } from '@headrace/contracts';
import { HandlesTimer, RevisionConflict } from '@headrace/event-log';
import { aFailedEvent, anAcceptedEvent, aRequestAddress } from '@headrace/event-log/testing';
import { allMetrics, renderMetrics } from '@headrace/telemetry';
import { startNats, waitFor, type TestNats } from '@headrace/testing';
import { ConsumerLag } from './consume/consumer-lag.js';
import type { JetStream } from './create-jetstream.js';
import { aConsumer, aHandler, openJetStream, Queue, runHandlers } from './testing/index.js';

/** The value of a series; 0 where there is none. */
function valueOf(series: string): number {
  const line = renderMetrics(allMetrics)
    .split('\n')
    .find((text) => text.startsWith(`${series} `));
  return Number(line?.split(' ').at(-1) ?? 0);
}

const anAttempt = (number: number, httpStatus: number | null): DeliveryAttempt => ({
  number,
  startedAt: new Date().toISOString(),
  durationMs: 12,
  httpStatus,
  error: httpStatus === 200 ? null : { code: httpStatus === null ? 'timeout' : 'http_status', message: 'It failed.' },
  responseBody: null,
});

describe('metrics of the event log', () => {
  let nats: TestNats;
  let jetStream: JetStream;
  const waiting = aConsumer('waiting');

  beforeAll(async () => {
    nats = await startNats();
    ({ jetStream } = await openJetStream(nats, { consumers: [waiting] }));
  });
  afterAll(async () => {
    await jetStream.close();
    await nats.stop();
  });

  it('count a decision once, and not one that another writer was before', async () => {
    const accepted = 'headrace_events_appended_total{type="request.accepted"}';
    const { code } = aFailedEvent().data;
    const failed = `headrace_request_duration_seconds_count{kind="standard",outcome="${code}"}`;
    const before = [valueOf(accepted), valueOf(failed)] as const;
    const address = aRequestAddress();
    const revision = await jetStream.eventLog.append(address, anAcceptedEvent(), { expectedRevision: 0 });
    await expect(jetStream.eventLog.append(address, anAcceptedEvent(), { expectedRevision: 0 })).rejects.toThrow(
      RevisionConflict,
    );
    await jetStream.eventLog.append(address, aFailedEvent(), { expectedRevision: revision });
    expect([valueOf(accepted), valueOf(failed)]).toEqual([before[0] + 1, before[1] + 1]);
  });

  it('tell attempts of deliveries by what came of them, first ones and retries apart', async () => {
    const { project, channel } = aRequestAddress();
    const address = { project, channel, aggregate: 'delivery', key: 'd1' };
    const target = { deliveryId: 'd1', endpointId: 'e1', url: 'https://a.test/', webhookType: 'task.completed' };
    const nextAttemptAt = new Date().toISOString();
    const append = (type: string, data: object) =>
      jetStream.eventLog.append(address, { type, data: { ...target, ...data } });
    await append('delivery.attempted', { attempt: anAttempt(1, 503), nextAttemptAt });
    await append('delivery.attempted', { attempt: anAttempt(2, null), nextAttemptAt });
    await append('delivery.succeeded', { attempt: anAttempt(3, 200) });
    await append('delivery.dead-lettered', { attempt: null, reason: 'It was removed.' });
    const attempts = 'headrace_delivery_attempt_duration_seconds_count';
    expect(valueOf(`${attempts}{attempt="first",outcome="5xx"}`)).toBe(1);
    expect(valueOf(`${attempts}{attempt="retry",outcome="timeout"}`)).toBe(1);
    expect(valueOf(`${attempts}{attempt="retry",outcome="2xx"}`)).toBe(1);
    const ended = 'headrace_deliveries_ended_total{type="task.completed"';
    expect([valueOf(`${ended},outcome="success"}`), valueOf(`${ended},outcome="error"}`)]).toEqual([1, 1]);
    expect(valueOf('headrace_dead_letters_total{queue="delivery"}')).toBe(1);
  });

  it('tell how late a timer came', async () => {
    const fired = new Queue<string>();
    class Handler {
      @HandlesTimer(callbackDeadlineConsumer, callbackDeadlineTimer)
      async expire(): Promise<void> {
        fired.put('fired');
      }
    }
    const running = await runHandlers(jetStream, new Handler());
    const key = { project: 'p', channel: randomUUID(), key: 'deadline' };
    await jetStream.timers.schedule(callbackDeadlineTimer, key, new Date(Date.now() + 50), { revision: 1 });
    await fired.take();
    await running.stop();
    const lateness = 'headrace_timer_lateness_seconds';
    expect(valueOf(`${lateness}_count{kind="callback-deadline"}`)).toBe(1);
    expect(valueOf(`${lateness}_sum{kind="callback-deadline"}`)).toBeLessThan(10);
  });

  it('tell how far a consumer is behind, in each process that runs it', async () => {
    const released = Promise.withResolvers<void>();
    const { handler, deliveries } = aHandler(waiting, () => released.promise);
    const running = await runHandlers(jetStream, handler);
    await jetStream.eventLog.append(aRequestAddress(), anAcceptedEvent(), { expectedRevision: 0 });
    await deliveries.take();
    const lag = new ConsumerLag(jetStream.connection, [waiting]);
    await waitFor(
      async () => {
        await lag.poll();
        lag.start();
        const ackPending = valueOf('headrace_consumer_ack_pending_messages{consumer="waiting"}');
        lag.stop();
        return ackPending >= 1;
      },
      { what: 'the message is known to be in flight' },
    );
    released.resolve();
    await running.stop();
  });

  it('tell nothing of a consumer that is not there, rather than what once was', async () => {
    const lag = new ConsumerLag(jetStream.connection, [aConsumer('nowhere')]);
    lag.start();
    await lag.poll();
    const text = renderMetrics(allMetrics);
    lag.stop();
    expect(text).not.toContain('consumer="nowhere"');
  });

  it('tell whether NATS is connected', () => {
    expect(valueOf('headrace_nats_connected')).toBe(1);
  });
});
