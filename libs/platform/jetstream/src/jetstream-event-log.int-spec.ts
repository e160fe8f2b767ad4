import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventLogUnavailable, EventTooLarge, UndecodableMessage } from '@headrace/event-log';
import {
  aFailedEvent,
  aGenerationAttempt,
  anAcceptedEvent,
  aRequestAddress,
  eventLogContract,
} from '@headrace/event-log/testing';
import { startNats, type TestNats } from '@headrace/testing';
import { headers } from '@nats-io/nats-core';
import type { JetStream } from './create-jetstream.js';
import { openJetStream, type RecordingLogger } from './testing/index.js';

let nats: TestNats;
let jetStream: JetStream;
let logger: RecordingLogger;

beforeAll(async () => {
  nats = await startNats();
  ({ jetStream, logger } = await openJetStream(nats));
});

afterAll(async () => {
  await jetStream.close();
  await nats.stop();
});

eventLogContract('The JetStream adapter', () => jetStream.eventLog);

describe('The JetStream adapter', () => {
  it('speaks CloudEvents in its headers and nothing but the data in its body', async () => {
    const address = aRequestAddress();
    const heard = new Promise<{ headers: Record<string, string | undefined>; body: unknown }>((resolve) => {
      jetStream.connection.client.subscribe(`evt.${address.project}.${address.channel}.>`, {
        max: 1,
        callback: (_error, message) =>
          resolve({
            headers: Object.fromEntries([...(message.headers ?? [])].map(([name, [value]]) => [name, value])),
            body: message.json(),
          }),
      });
    });
    await jetStream.eventLog.append(address, anAcceptedEvent(), { expectedRevision: 0 });
    const { headers: sent, body } = await heard;
    expect(sent).toEqual({
      'ce-specversion': '1.0',
      'ce-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
      'ce-type': 'request.accepted',
      'ce-source': 'headrace',
      'ce-subject': `${address.project}/${address.channel}/request`,
      'ce-time': expect.stringMatching(/^\d{4}-.*Z$/),
      'ce-correlationid': address.channel,
      traceparent: expect.stringMatching(/^00-/),
      'Nats-Expected-Last-Subject-Sequence': '0',
      'Nats-Expected-Last-Subject-Sequence-Subject': `evt.${address.project}.${address.channel}.request.*`,
    });
    expect(body).toEqual(anAcceptedEvent().data);
  });

  it('reads a channel of more events than one batch holds', async () => {
    const address = { ...aRequestAddress(), aggregate: 'generation' };
    const numbers = Array.from({ length: 1_200 }, (_, index) => index + 1);
    await Promise.all(numbers.map((number) => jetStream.eventLog.append(address, aGenerationAttempt(number))));
    const events = await jetStream.eventLog.readChannel(address.project, address.channel);
    expect(events.map(({ data }) => (data as { number: number }).number)).toEqual(numbers);
  });

  it('reads a channel of more bytes than one batch holds', async () => {
    const { project, channel } = aRequestAddress();
    const large = anAcceptedEvent('x'.repeat(1_000_000));
    const appended: number[] = [];
    for (let written = 0; written < 10; written += 1) {
      appended.push(await jetStream.eventLog.append({ project, channel, aggregate: 'request' }, large));
    }
    const events = await jetStream.eventLog.readChannel(project, channel);
    expect(events.map(({ sequence }) => sequence)).toEqual(appended);
  });

  it('refuses an event that is larger than the server takes, and says what to raise', async () => {
    const tooLarge = anAcceptedEvent('x'.repeat(jetStream.connection.maxPayload));
    const append = jetStream.eventLog.append(aRequestAddress(), tooLarge);
    await expect(append).rejects.toThrow(EventTooLarge);
    await expect(append).rejects.toThrow('max_payload');
  });

  it('does not hand out what is in the log but fits no schema', async () => {
    const { project, channel } = aRequestAddress();
    const subject = `evt.${project}.${channel}.request.failed`;
    const envelope = headers();
    envelope.set('ce-type', 'request.failed');
    await jetStream.connection.client.request(subject, '{"code":1}', { timeout: 1_000, headers: envelope });
    await expect(jetStream.eventLog.findRequest(channel)).rejects.toThrow(UndecodableMessage);
  });

  it('says that it is unavailable, at once, while the server is away, and works again when it is back', async () => {
    const address = aRequestAddress();
    const revision = await jetStream.eventLog.append(address, anAcceptedEvent(), { expectedRevision: 0 });
    const away = logger.said('NATS is away');
    await nats.kill();
    await away;
    const started = Date.now();
    const refused = async () => jetStream.eventLog.append(address, aFailedEvent(), { expectedRevision: revision });
    await expect(refused()).rejects.toThrow(EventLogUnavailable);
    await expect(jetStream.eventLog.last(address)).rejects.toThrow(EventLogUnavailable);
    // No answer is waited for, which would take as long for each.
    expect(Date.now() - started).toBeLessThan(jetStream.settings.requestTimeoutMs);
    expect(jetStream.isHealthy()).toBe(false);
    const back = new Promise<void>((resolve) => jetStream.connection.onReconnect(resolve));
    await nats.restart();
    await back;
    await jetStream.topology.ensure();
    expect(jetStream.isHealthy()).toBe(true);
    await expect(refused()).resolves.toBeGreaterThan(revision);
    await expect(jetStream.eventLog.read(address)).resolves.toHaveLength(2);
  });
});
