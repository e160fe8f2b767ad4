import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EventLogUnavailable } from '@headrace/event-log';
import { startNats } from '@headrace/testing';
import { JetStreamSettings } from '../jetstream.settings.js';
import { openJetStream } from '../testing/open-jetstream.js';
import { RecordingLogger } from '../testing/recording-logger.js';
import { NatsConnection } from './nats-connection.js';

const text = (data: Uint8Array): string => Buffer.from(data).toString();

describe('requests over the connection', () => {
  let nats: Awaited<ReturnType<typeof startNats>>;
  let connection: NatsConnection;

  beforeEach(async () => {
    nats = await startNats();
    const settings = Object.assign(new JetStreamSettings(), { requestTimeoutMs: 500 });
    connection = await NatsConnection.open({ url: nats.url, name: 'requests', settings }, new RecordingLogger());
  });

  afterEach(async () => {
    await connection.close();
    await nats.stop();
  });

  it('get each their own answer, many at a time', async () => {
    connection.client.subscribe('echo', { callback: (_error, message) => void message.respond(message.data) });
    const asked = Array.from({ length: 500 }, (_, index) => `question ${index}`);
    const answers = await Promise.all(asked.map((question) => connection.request('echo', question)));
    expect(answers.map(({ data }) => text(data))).toEqual(asked);
  });

  it('fail at once where nobody listens', async () => {
    await expect(connection.request('nobody', 'hello')).rejects.toThrow(EventLogUnavailable);
  });

  it('fail after the time limit where nobody answers, and later ones are answered', async () => {
    connection.client.subscribe('silent', { callback: () => undefined });
    connection.client.subscribe('echo', { callback: (_error, message) => void message.respond(message.data) });
    await expect(connection.request('silent', 'hello')).rejects.toThrow('No answer came within 500 ms');
    expect(text((await connection.request('echo', 'still here')).data)).toBe('still here');
  });

  it('fail when the connection is lost, without waiting for the time limit', async () => {
    const heard = new Promise<void>((resolve) => {
      connection.client.subscribe('silent', { callback: () => resolve() });
    });
    const failure = connection.request('silent', 'hello').catch((error: unknown) => error);
    await heard;
    await nats.kill();
    expect(await failure).toMatchObject({ message: expect.stringContaining('was lost') });
  });
});

describe('what is said while the connection is being closed', () => {
  it('is lost and fails nobody: timers and clients that leave may still have something to say', async () => {
    const nats = await startNats();
    const { jetStream } = await openJetStream(nats);
    const { connection } = jetStream;
    const closed = jetStream.close();
    let isClosed = false;
    void closed.then(() => (isClosed = true));
    while (!isClosed) {
      expect(() => connection.say('anything', Buffer.from('late'))).not.toThrow();
      await new Promise(setImmediate);
    }
    await nats.stop();
  });
});
