import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { DeliveryEvent, RequestEvent } from '@headrace/contracts';
import { aContext, aGeneration, anOutput } from '@headrace/domain/testing';
import { verifyDataSignature, verifyHexSignature } from '@headrace/webhook-signature';
import { Webhook } from 'standardwebhooks';
import { aDispatcher, anEndpoint, aSecret, channelId, type HarnessParts } from './testing/dispatcher.harness.js';
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

/** Plans one delivery to the receiver and makes its first attempt. */
async function firstAttempt(
  endpoint: Partial<ReturnType<typeof anEndpoint>> = {},
  { webhookUrl = null, ...parts }: HarnessParts & { webhookUrl?: string | null } = {},
): Promise<void> {
  dispatcher = aDispatcher([anEndpoint(receiver.url, endpoint)], parts);
  const generated: RequestEvent = {
    type: 'request.generated',
    data: {
      context: aContext({ eventName: 'ready', webhookUrl }),
      generation: aGeneration(),
      output: anOutput({ data: { text: 'grün €', n: 1.5 } }),
      generatedAt: '2026-01-01T00:00:02.000Z',
      callbackDeadline: '2026-01-01T00:05:02.000Z',
    },
  };
  await dispatcher.planner.plan(await dispatcher.append(generated));
  for (const planned of dispatcher.plans()) await dispatcher.deliver(planned);
}

const last = (): DeliveryEvent => dispatcher.deliveryEvents().at(-1) as unknown as DeliveryEvent;
const lastAttempt = () => {
  const { data } = last();
  return 'attempt' in data ? data.attempt : null;
};
const typesSeen = () => dispatcher.deliveryEvents().map(({ type }) => type);

describe('an attempt', () => {
  it('carries every header of the contract, signed over the bytes it sends', async () => {
    await firstAttempt();
    const [request] = receiver.received;
    if (!request) throw new Error('nothing came');
    const { headers, body } = request;
    const [planned] = dispatcher.plans();
    const secret = anEndpoint('').secrets[0] ?? '';
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      'mr-channel-id': channelId,
      'x-modelriver-webhook-id': 'endpoint-1',
      'x-modelriver-callback-url': `https://headrace.test/v1/callback/${channelId}`,
      'x-modelriver-timestamp': headers['mr-timestamp'],
      'webhook-timestamp': headers['mr-timestamp'],
      'webhook-id': planned?.data.messageId,
      'mr-delivery-id': planned?.data.deliveryId,
      'mr-attempt': '1',
      traceparent: planned?.traceParent,
    });
    expect(Math.abs(Number(headers['mr-timestamp']) - Date.now() / 1_000)).toBeLessThan(5);
    expect(body).toBe(planned?.data.body);
    expect(body).toBe(JSON.stringify(JSON.parse(body)));
    expect(verifyHexSignature(body, String(headers['mr-signature']), secret)).toBe(true);
    const timestamp = Number(headers['mr-timestamp']);
    expect(verifyDataSignature(body, timestamp, String(headers['x-modelriver-signature']), secret)).toBe(true);
    expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toEqual(JSON.parse(body));
  });

  it('keeps the spelling of the contract’s header names', async () => {
    await firstAttempt();
    const names = receiver.received[0]?.rawHeaders.filter((_, index) => index % 2 === 0);
    expect(names).toEqual(
      expect.arrayContaining(['Content-Type', 'X-ModelRiver-Signature', 'X-ModelRiver-Callback-Url']),
    );
  });

  it('that the endpoint takes ends the delivery', async () => {
    receiver.answers.push(answering(204));
    await firstAttempt();
    expect(typesSeen()).toEqual(['delivery.planned', 'delivery.succeeded']);
    expect(lastAttempt()).toMatchObject({ number: 1, httpStatus: 204, error: null, responseBody: '' });
    expect(dispatcher.timers.waiting).toEqual([]);
  });

  it('that failed is made again with the same bytes and id, and a new timestamp and number', async () => {
    receiver.answers.push(answering(500, {}, 'oops'));
    await firstAttempt();
    expect(lastAttempt()).toMatchObject({
      number: 1,
      httpStatus: 500,
      error: { code: 'http_status', message: 'The endpoint answered 500.' },
      responseBody: 'oops',
    });
    expect(await dispatcher.fireTimers()).toBe(1);
    expect(typesSeen()).toEqual(['delivery.planned', 'delivery.attempted', 'delivery.succeeded']);
    const [first, second] = receiver.received;
    expect(second?.body).toBe(first?.body);
    for (const name of ['webhook-id', 'mr-delivery-id', 'mr-channel-id', 'traceparent']) {
      expect(second?.headers[name]).toBe(first?.headers[name]);
    }
    expect([first?.headers['mr-attempt'], second?.headers['mr-attempt']]).toEqual(['1', '2']);
  });

  it('is due again 5 s later, or when the endpoint asks', async () => {
    receiver.answers.push(answering(500), answering(503, { 'Retry-After': '120' }));
    await firstAttempt();
    const wait = () => (dispatcher.timers.waiting[0]?.at.getTime() ?? 0) - Date.now();
    expect(wait()).toBeGreaterThan(4_000);
    expect(wait()).toBeLessThan(5_600);
    await dispatcher.fireTimers();
    expect(wait()).toBeGreaterThan(118_000);
    expect(wait()).toBeLessThanOrEqual(120_100);
  });

  it('that is the eighth to fail makes the delivery a dead letter, kept with its payload', async () => {
    receiver.answers.push(...Array.from({ length: 8 }, () => answering(500)));
    await firstAttempt();
    let retries = 0;
    while ((await dispatcher.fireTimers()) > 0) retries += 1;
    expect(retries).toBe(7);
    expect(receiver.received.map(({ headers }) => headers['mr-attempt'])).toEqual([
      '1',
      '2',
      '3',
      '4',
      '5',
      '6',
      '7',
      '8',
    ]);
    expect(last().type).toBe('delivery.dead-lettered');
    expect(dispatcher.kept).toEqual([
      {
        messageId: dispatcher.plans()[0]?.data.messageId,
        body: receiver.received[0]?.body,
        reason: 'All 8 attempts failed; the last: The endpoint answered 500.',
      },
    ]);
  });

  it('that is redirected failed', async () => {
    receiver.answers.push(answering(302, { location: 'http://169.254.169.254/' }));
    await firstAttempt();
    expect(lastAttempt()).toMatchObject({ httpStatus: 302, error: { code: 'redirect_not_followed' } });
    expect(receiver.received).toHaveLength(1);
  });

  it('that was answered 410 switches the endpoint off and is the last', async () => {
    receiver.answers.push(answering(410));
    await firstAttempt();
    expect(last()).toMatchObject({ type: 'delivery.dead-lettered', data: { attempt: { httpStatus: 410 } } });
    expect(dispatcher.disabled).toMatchObject([{ endpointId: 'endpoint-1' }]);
    expect(dispatcher.kept).toHaveLength(1);
    expect(dispatcher.timers.waiting).toEqual([]);
  });

  it.each([
    ['hangs', () => undefined, { code: 'timeout', message: 'There was no answer within 400 ms.' }, null],
    [
      'drips its body',
      (response: ServerResponse) => {
        const drip = setInterval(() => response.write('.'), 30);
        response.writeHead(200).on('close', () => clearInterval(drip));
      },
      { code: 'timeout', message: 'The answer was 200, but its body was not complete within 400 ms.' },
      200,
    ],
    [
      'resets the connection',
      (response: ServerResponse) => response.socket?.resetAndDestroy(),
      { code: 'connection_reset' },
      null,
    ],
    [
      'says a length that is not true',
      (response: ServerResponse) =>
        response.socket?.end('HTTP/1.1 200 OK\r\nContent-Length: 99\r\nConnection: close\r\n\r\nshort'),
      { code: 'invalid_response', message: expect.stringContaining('after 5 of the 99 announced bytes') },
      200,
    ],
    [
      'speaks no HTTP',
      (response: ServerResponse) => response.socket?.end('220 mail.test ESMTP\r\n'),
      { code: 'invalid_response' },
      null,
    ],
  ])('at an endpoint that %s fails with a precise reason', async (_, answer, error, httpStatus) => {
    receiver.answers.push(answer);
    await firstAttempt();
    expect(last().type).toBe('delivery.attempted');
    expect(lastAttempt()).toMatchObject({ httpStatus, error, responseBody: null });
  });

  it('keeps 16 KiB of an endless answer and reads no further', async () => {
    const closed = Promise.withResolvers<void>();
    receiver.answers.push((response) => {
      const pour = (): void => {
        while (!response.destroyed && response.write('€'.repeat(10_000)));
      };
      response.on('drain', pour).on('close', closed.resolve);
      pour();
    });
    await firstAttempt();
    await closed.promise;
    expect(lastAttempt()?.httpStatus).toBe(200);
    expect(Buffer.byteLength(lastAttempt()?.responseBody ?? '')).toBe(16_383);
  });

  it('at an address that the operator refuses fails without a connection', async () => {
    await firstAttempt({}, { outboundSettings: { allowLoopback: false } });
    expect(lastAttempt()).toMatchObject({
      error: { code: 'blocked_address', message: 'The URL may not be called: 127.0.0.1 is a loopback address.' },
    });
    expect(receiver.received).toEqual([]);
  });

  it('is signed with both secrets during a rotation', async () => {
    const secrets = [aSecret('the new secret of endpoint one'), aSecret('the old secret of endpoint one')];
    await firstAttempt({ secrets });
    const [request] = receiver.received;
    if (!request) throw new Error('nothing came');
    const { headers, body } = request;
    expect(String(headers['webhook-signature']).split(' ')).toHaveLength(2);
    for (const secret of secrets) {
      expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toEqual(JSON.parse(body));
    }
  });

  it('to the request’s own URL is signed with the project’s secret, or that of the endpoint with this URL', async () => {
    const own = await startWebhookReceiver();
    await firstAttempt({ url: 'http://127.0.0.1:9/', active: false }, { webhookUrl: own.url });
    const signedBy = (index: number, secret: string) =>
      verifyHexSignature(own.received[index]?.body ?? '', String(own.received[index]?.headers['mr-signature']), secret);
    expect(signedBy(0, aSecret('the signing secret of the project'))).toBe(true);
    await dispatcher.close();
    await firstAttempt({ url: own.url, active: false }, { webhookUrl: own.url });
    expect(signedBy(1, anEndpoint('').secrets[0] ?? '')).toBe(true);
    await own.close();
  });

  it.each([
    ['removed', [], 'The endpoint was removed.'],
    ['switched off', [anEndpoint('http://127.0.0.1:9/', { active: false })], 'The endpoint is switched off.'],
  ])('is not made once the endpoint was %s: the delivery is a dead letter', async (_, endpoints, reason) => {
    receiver.answers.push(answering(500));
    await firstAttempt();
    dispatcher.projects.endpoints = endpoints;
    await dispatcher.fireTimers();
    expect(receiver.received).toHaveLength(1);
    expect(last()).toMatchObject({ type: 'delivery.dead-lettered', data: { attempt: null, reason } });
    expect(dispatcher.kept).toMatchObject([{ reason }]);
  });
});
