import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { RequestEvent } from '@headrace/contracts';
import { aContext, aGeneration, anOutput } from '@headrace/domain/testing';
import { aDispatcher, anEndpoint } from '../testing/dispatcher.harness.js';
import { startWebhookReceiver, type WebhookReceiver } from '../testing/webhook-receiver.js';

let receiver: WebhookReceiver;
let dispatcher: ReturnType<typeof aDispatcher>;
beforeEach(async () => {
  receiver = await startWebhookReceiver();
});
afterEach(async () => {
  await dispatcher.close();
  await receiver.close();
});

/** Makes the first attempt of a delivery; resolves to the event that records it. */
async function attempted(headers: Readonly<Record<string, string>> = {}) {
  dispatcher = aDispatcher([anEndpoint(receiver.url, { headers })], { settings: { timeoutMs: 5_000 } });
  const data = { context: aContext(), generation: aGeneration(), output: anOutput(), callback: null, completedAt: '' };
  const event: RequestEvent = { type: 'request.completed', data };
  await dispatcher.planner.plan(await dispatcher.append(event));
  const [planned] = dispatcher.plans();
  if (!planned) throw new Error('nothing was planned');
  await dispatcher.deliver(planned);
  return dispatcher.deliveryEvents().at(-1);
}

describe('a recorded attempt', () => {
  it('tells how long its steps took, and over which protocol', async () => {
    const aNumber: unknown = expect.any(Number);
    expect(await attempted()).toMatchObject({
      type: 'delivery.succeeded',
      data: {
        attempt: {
          protocol: 'http/1.1',
          timings: { dnsMs: null, connectMs: aNumber, tlsMs: null, firstByteMs: aNumber, totalMs: aNumber },
        },
      },
    });
  });

  it('is a success with a body far beyond what is read, and says that it was cut', async () => {
    receiver.answers.push((response) => response.writeHead(200).end(Buffer.alloc(2_000_000, 'x')));
    const event = await attempted();
    expect(event).toMatchObject({ type: 'delivery.succeeded', data: { attempt: { responseTruncated: true } } });
    const { attempt } = event?.data as { attempt: { responseBody: string } };
    expect(attempt.responseBody).toHaveLength(16_384);
  });

  it('keeps a body that is no UTF-8 as valid text', async () => {
    receiver.answers.push((response) => response.writeHead(400).end(Buffer.from([0x61, 0xff, 0xfe, 0x00, 0x62])));
    expect(await attempted()).toMatchObject({ data: { attempt: { responseBody: 'a\uFFFD\uFFFD\uFFFDb' } } });
  });

  it('was sent with the endpoint’s own headers, which override none of ours', async () => {
    await attempted({ 'X-Route': 'blue', 'Webhook-Id': 'forged' });
    const [request] = receiver.received;
    expect(request?.headers).toMatchObject({ 'x-route': 'blue', 'webhook-id': expect.stringMatching(/^msg_/) });
  });
});
