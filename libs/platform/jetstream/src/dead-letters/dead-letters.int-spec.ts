import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { callbackDeadlineConsumer, deliveryPlanned } from '@headrace/contracts';
import { UndecodableMessage, type RecordedOf } from '@headrace/event-log';
import { anAcceptedEvent, aPlannedDelivery, aRequestAddress } from '@headrace/event-log/testing';
import { startNats, type TestNats } from '@headrace/testing';
import { jetstreamManager, type JetStreamManager, type StoredMsg } from '@nats-io/jetstream';
import { openJetStream, type TestJetStream } from '../testing/index.js';

let nats: TestNats;
let one: TestJetStream;
let manager: JetStreamManager;

beforeAll(async () => {
  nats = await startNats();
  one = await openJetStream(nats);
  manager = await jetstreamManager(one.jetStream.connection.client);
});
afterAll(async () => {
  await one.jetStream.close();
  await nats.stop();
});

const lastOf = (stream: string, subject: string): Promise<StoredMsg | null> =>
  manager.direct.getMessage(stream, { last_by_subj: subject });
const countOf = async (stream: string, subject: string): Promise<number> => {
  const { state } = await manager.streams.info(stream, { subjects_filter: subject });
  return Object.values(state.subjects ?? {}).reduce((sum, count) => sum + count, 0);
};

describe('pipeline dead letters', () => {
  it('are copies with the headers of the original, where it stood, and why it was given up', async () => {
    const address = aRequestAddress();
    const sequence = await one.jetStream.eventLog.append(address, anAcceptedEvent(), { expectedRevision: 0 });
    const original = await one.jetStream.eventLog.last(address);
    const givenUp = {
      stream: 'EVENTS',
      consumer: 'ai-runner-generate',
      sequence,
      deliveries: 20,
      reason: 'broke\r\nX: y',
    };
    await one.jetStream.deadLetters.keep(givenUp);
    const letter = await lastOf('DLQ', 'dlq.pipeline.EVENTS.ai-runner-generate');
    expect(letter?.json()).toEqual(anAcceptedEvent().data);
    const headers = Object.fromEntries([...(letter?.header ?? [])].map(([name, [value]]) => [name, value]));
    expect(headers).toMatchObject({
      'ce-id': original?.id,
      traceparent: original?.traceParent,
      'hr-dead-letter-reason': 'broke X: y',
      'hr-dead-letter-stream': 'EVENTS',
      'hr-dead-letter-sequence': String(sequence),
      'hr-dead-letter-consumer': 'ai-runner-generate',
      'hr-dead-letter-subject': `evt.${address.project}.${address.channel}.request.accepted`,
    });
    expect(headers).not.toHaveProperty('Nats-Expected-Last-Subject-Sequence');
  });

  it('are kept once, however often the server’s notice is handled', async () => {
    const sequence = await one.jetStream.eventLog.append(aRequestAddress(), anAcceptedEvent());
    const givenUp = { stream: 'EVENTS', consumer: 'timeline-projector', sequence, deliveries: 1, reason: 'broke' };
    await one.jetStream.deadLetters.keep(givenUp);
    await one.jetStream.deadLetters.keep(givenUp);
    await expect(countOf('DLQ', 'dlq.pipeline.EVENTS.timeline-projector')).resolves.toBe(1);
  });

  it('leave the work queue, where nobody else would remove them', async () => {
    const subject = 'timer.due.callback-deadline.p.c.stuck';
    await one.jetStream.connection.client.request(subject, '{"revision":1}', { timeout: 1_000 });
    const stuck = await lastOf('TIMERS', subject);
    const { name: consumer } = callbackDeadlineConsumer;
    const givenUp = { stream: 'TIMERS', consumer, sequence: stuck?.seq ?? 0, deliveries: 20, reason: 'hung' };
    await one.jetStream.deadLetters.keep(givenUp);
    await expect(lastOf('TIMERS', subject)).resolves.toBeNull();
    expect((await lastOf('DLQ', `dlq.pipeline.TIMERS.${consumer}`))?.json()).toEqual({ revision: 1 });
    await expect(one.jetStream.deadLetters.keep(givenUp)).resolves.toBeUndefined();
  });

  it('of streams that are not ours are left alone', async () => {
    const givenUp = { stream: 'OTHERS', consumer: 'theirs', sequence: 1, deliveries: 1, reason: 'broke' };
    await expect(one.jetStream.deadLetters.keep(givenUp)).resolves.toBeUndefined();
  });
});

describe('delivery dead letters', () => {
  it('keep payload and end of a delivery, once', async () => {
    const { project, channel } = aRequestAddress();
    const address = { project, channel, aggregate: 'delivery', key: 'delivery-1' };
    await one.jetStream.eventLog.append(address, aPlannedDelivery('delivery-1'));
    const planned = (await one.jetStream.eventLog.last(address)) as RecordedOf<typeof deliveryPlanned>;
    const { deliveryId, endpointId, url, webhookType } = planned.data;
    const end = {
      deliveryId,
      endpointId,
      url,
      webhookType,
      attempt: null,
      reason: 'The endpoint answered 500 eight times.',
    };
    await one.jetStream.deliveryDeadLetters.keep(planned, end);
    await one.jetStream.deliveryDeadLetters.keep(planned, end);
    const subject = `dlq.delivery.${project}.${endpointId}.${channel}.${deliveryId}`;
    await expect(countOf('DLQ', subject)).resolves.toBe(1);
    const letter = await lastOf('DLQ', subject);
    expect(letter?.json()).toEqual({ planned: planned.data, end });
    expect(letter?.header.get('hr-dead-letter-reason')).toBe(end.reason);
    expect(letter?.header.get('ce-causationid')).toBe(planned.id);
  });
  it('are found again as they were kept, with what they follow from', async () => {
    const { project, channel } = aRequestAddress();
    const event = aPlannedDelivery('delivery-2');
    await one.jetStream.eventLog.append({ project, channel, aggregate: 'delivery', key: 'delivery-2' }, event);
    const planned = (await one.jetStream.eventLog.last({
      project,
      channel,
      aggregate: 'delivery',
      key: 'delivery-2',
    })) as RecordedOf<typeof deliveryPlanned>;
    const { deliveryId, endpointId, url, webhookType } = planned.data;
    const end = { deliveryId, endpointId, url, webhookType, attempt: null, reason: 'The endpoint was removed.' };
    await one.jetStream.deliveryDeadLetters.keep(planned, end);
    const found = await one.jetStream.deliveryDeadLetters.find({ project, channel, endpointId, deliveryId });
    expect(found).toMatchObject({ planned: event.data, end, cause: { id: planned.id } });
    // The same trace; the letter is a span of its own.
    expect(found?.cause.traceParent.split('-')[1]).toBe(planned.traceParent.split('-')[1]);
  });

  it('are not found where none was kept', async () => {
    const { project, channel } = aRequestAddress();
    const address = { project, channel, endpointId: 'endpoint-1', deliveryId: 'delivery-3' };
    await expect(one.jetStream.deliveryDeadLetters.find(address)).resolves.toBeUndefined();
  });

  it('that are none of ours are refused', async () => {
    const { project, channel } = aRequestAddress();
    const subject = `dlq.delivery.${project}.endpoint-1.${channel}.delivery-4`;
    await one.jetStream.connection.client.request(subject, '{"planned":{}}', { timeout: 1_000 });
    const address = { project, channel, endpointId: 'endpoint-1', deliveryId: 'delivery-4' };
    await expect(one.jetStream.deliveryDeadLetters.find(address)).rejects.toThrow(UndecodableMessage);
  });
});
