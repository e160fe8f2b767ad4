import { describe, expect, it } from '@jest/globals';
import { OutboundError, type OutboundRequest, type OutboundResponse } from '@headrace/outbound-http';
import { sendWebhook, type WebhookToSend } from './send-webhook.js';

const limits = { connectTimeoutMs: 1_000, timeoutMs: 5_000 };
const aWebhook = (overrides: Partial<WebhookToSend> = {}): WebhookToSend => ({
  url: 'https://receiver.test/hook',
  body: '{"type":"task.completed","data":{"answer":42}}',
  secrets: [`whsec_${Buffer.from('a secret of enough bytes').toString('base64')}`],
  messageId: 'msg_1',
  endpointId: 'endpoint-1',
  channelId: '3f9f6b8e-0000-4000-8000-000000000001',
  deliveryId: 'dlv_1',
  attempt: 3,
  callbackUrl: null,
  traceParent: '00-00000000000000000000000000000001-0000000000000001-01',
  headers: {},
  signal: new AbortController().signal,
  ...overrides,
});

/** Stands for the customer's receiver, and keeps what it gets. */
function aReceiver(answer: Partial<OutboundResponse> | OutboundError = {}) {
  const received: OutboundRequest[] = [];
  const request = async (sent: OutboundRequest): Promise<OutboundResponse> => {
    received.push(sent);
    if (answer instanceof OutboundError) throw answer;
    const timings = { connection: null, firstByteMs: 1, totalMs: 2 };
    return {
      status: 200,
      headers: {},
      body: Buffer.alloc(0),
      truncated: false,
      version: 'http/1.1',
      timings,
      ...answer,
    };
  };
  return { request, received };
}

describe('sending a webhook', () => {
  it('posts the signed bytes within its limits, and tells the headers as they were sent', async () => {
    const receiver = aReceiver({ headers: { 'retry-after': '7' } });
    const sent = await sendWebhook(receiver, limits, aWebhook());
    const [request] = receiver.received;
    expect(request).toMatchObject({ method: 'POST', timeouts: { connectMs: 1_000, totalMs: 5_000 } });
    expect(Buffer.from(request?.body ?? '').toString()).toBe(aWebhook().body);
    expect(sent.headers).toEqual(request?.headers);
    expect(sent.headers).toMatchObject({
      'mr-attempt': '3',
      'webhook-signature': expect.stringMatching(/^v1,/),
      'User-Agent': 'Headrace-Webhooks/1',
    });
    expect(sent).toMatchObject({ retryAfter: '7', isAnswered: true, attempt: { number: 3, httpStatus: 200 } });
  });

  it('sends the endpoint’s own headers beside ours', async () => {
    const sent = await sendWebhook(aReceiver(), limits, aWebhook({ headers: { Authorization: 'Bearer abc' } }));
    expect(sent.headers).toMatchObject({ Authorization: 'Bearer abc', 'webhook-id': 'msg_1' });
  });

  it('lets no header of an endpoint override ours, whatever its case', async () => {
    const headers = {
      'WEBHOOK-SIGNATURE': 'v1,forged',
      'Mr-Signature': 'forged',
      'content-type': 'text/plain',
      'user-agent': 'x',
    };
    const sent = await sendWebhook(aReceiver(), limits, aWebhook({ headers }));
    const plain = await sendWebhook(aReceiver(), limits, aWebhook());
    expect(Object.keys(sent.headers)).toEqual(Object.keys(plain.headers));
    expect(Object.values(sent.headers)).not.toContain('forged');
  });

  it('leaves headers about the connection to the client', async () => {
    const names = ['Host', 'Connection', 'Transfer-Encoding', 'Content-Length', 'TE', 'Upgrade', 'HTTP2-Settings'];
    const headers = Object.fromEntries(names.map((name) => [name, 'x']));
    const sent = await sendWebhook(aReceiver(), limits, aWebhook({ headers }));
    for (const name of names) expect(sent.headers).not.toHaveProperty(name);
  });

  it('takes a receiver’s failure for an answer, and only the caller’s own end for an error', async () => {
    const refused = aReceiver(new OutboundError('connection_refused', 'Nothing listens.'));
    expect(await sendWebhook(refused, limits, aWebhook())).toMatchObject({
      isAnswered: false,
      attempt: { httpStatus: null, error: { code: 'connection_refused', message: 'Nothing listens.' } },
    });
    const ended = aReceiver(new OutboundError('aborted', 'The call was given up.'));
    await expect(sendWebhook(ended, limits, aWebhook())).rejects.toMatchObject({ code: 'aborted' });
  });
});
