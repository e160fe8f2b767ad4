import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { answerBodyLimit, type WebhookFrame } from '@headrace/contracts';
import { FakeReceiver } from '@headrace/testing';
import { backoffMs } from './backoff.js';
import { postLocally } from './local-server.js';
import { MadeAttempts } from './made-attempts.js';

const never = new AbortController().signal;

const aWebhook = (overrides: Partial<WebhookFrame> = {}): WebhookFrame => ({
  type: 'webhook',
  id: 'dlv_1.1',
  webhook_type: 'task.completed',
  channel_id: 'c1',
  delivery_id: 'dlv_1',
  attempt: 1,
  time_limit_ms: 5_000,
  headers: { 'Content-Type': 'application/json', 'mr-signature': 'abc' },
  body: '{"data":{"text":"ü€😀"}}',
  ...overrides,
});

describe('a webhook that is passed on to the local server', () => {
  let receiver: FakeReceiver;
  let forward: URL;
  beforeAll(async () => {
    receiver = await FakeReceiver.start();
    forward = new URL(`${receiver.url}/hook?a=1`);
  });
  afterEach(() => receiver.reset());
  afterAll(() => receiver.stop());

  it('has exactly the headers and bytes that came, and its answer goes back', async () => {
    receiver.answerNext({ status: 202, body: 'thanks', headers: { 'retry-after': '7' } });
    const webhook = aWebhook();
    const outcome = await postLocally(forward, webhook, never);
    expect(outcome).toMatchObject({ type: 'answer', id: webhook.id, status: 202, body: 'thanks', retry_after: '7' });
    const [received] = receiver.requests;
    expect(received?.body.toString()).toBe(webhook.body);
    expect(received?.headers).toEqual({
      'content-type': 'application/json',
      'mr-signature': 'abc',
      'content-length': String(Buffer.byteLength(webhook.body)),
      host: forward.host,
      connection: expect.any(String),
    });
  });

  it('follows no redirect', async () => {
    receiver.answerNext({ status: 302, headers: { location: `${receiver.url}/elsewhere` } });
    expect(await postLocally(forward, aWebhook(), never)).toMatchObject({ type: 'answer', status: 302 });
    expect(receiver.requests).toHaveLength(1);
  });

  it('takes only the start of a long answer, without the half of a character', async () => {
    receiver.answerNext({ status: 200, body: `x${'ü'.repeat(answerBodyLimit)}` });
    const outcome = await postLocally(forward, aWebhook(), never);
    const body = outcome.type === 'answer' ? outcome.body : '';
    expect(Buffer.byteLength(body)).toBe(answerBodyLimit - 1);
    expect(body.endsWith('ü')).toBe(true);
  });

  it('fails with its reason when the time is over, when nobody listens, and when no HTTP comes back', async () => {
    receiver.answerNext({ hang: true });
    expect(await postLocally(forward, aWebhook({ time_limit_ms: 50 }), never)).toMatchObject({
      type: 'failure',
      code: 'timeout',
      message: expect.stringContaining('within 0.05 s'),
    });
    const closed = await aServer();
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const outcome = await postLocally(new URL(`http://127.0.0.1:${port}`), aWebhook(), never);
    expect(outcome).toMatchObject({
      code: 'connection_refused',
      message: `Nothing listens at http://127.0.0.1:${port}.`,
    });
    const rude = await aServer('never heard of it\r\n\r\n');
    const at = new URL(`http://127.0.0.1:${(rude.address() as AddressInfo).port}`);
    expect(await postLocally(at, aWebhook(), never)).toMatchObject({ type: 'failure', code: 'invalid_response' });
    await new Promise((resolve) => rude.close(resolve));
  });

  it('ends with the command, whatever the local server does', async () => {
    const stop = new AbortController();
    receiver.answerNext(() => {
      stop.abort();
      return { hang: true };
    });
    expect(await postLocally(forward, aWebhook(), stop.signal)).toMatchObject({ type: 'failure' });
  });

  function aServer(answer?: string): Promise<Server> {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(answer ?? ''));
    });
    return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
  }
});

describe('attempts', () => {
  it('are made once, however often the server asks', async () => {
    const made: string[] = [];
    const attempts = new MadeAttempts(async ({ id }) => {
      made.push(id);
      return { type: 'failure', id, code: 'timeout', message: '', duration_ms: 0 };
    });
    await Promise.all([attempts.outcomeOf(aWebhook()), attempts.outcomeOf(aWebhook())]);
    await attempts.outcomeOf(aWebhook({ id: 'dlv_1.2' }));
    expect(made).toEqual(['dlv_1.1', 'dlv_1.2']);
  });
});

describe('the wait before a new connection', () => {
  it('doubles up to a limit, and is spread by chance', () => {
    expect([1, 2, 3].map((number) => backoffMs(number, 1))).toEqual([500, 1_000, 2_000]);
    expect(backoffMs(50, 1)).toBe(5_000);
    expect(backoffMs(1, 0)).toBe(250);
  });
});
