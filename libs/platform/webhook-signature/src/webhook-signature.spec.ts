import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { dataJsonOf } from './data-json.js';
import { verifyDataSignature, verifyHexSignature } from './modelriver-signature.js';
import { signWebhook, type WebhookToSign } from './signed-headers.js';
import { standardWebhooksSignature, verifyStandardWebhooksSignature } from './standard-webhooks.js';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const older = `whsec_${Buffer.from('an older secret of 32 bytes, ok?').toString('base64')}`;

const aWebhook = (overrides: Partial<WebhookToSign> = {}): WebhookToSign => ({
  body: JSON.stringify({ type: 'task.completed', workflow: 'demo', data: { answer: 'grün €' }, meta: {} }),
  secrets: [secret],
  messageId: 'msg_1',
  endpointId: 'endpoint-1',
  channelId: 'channel-1',
  deliveryId: 'dlv_1',
  attempt: 3,
  callbackUrl: 'https://host/v1/callback/channel-1',
  traceParent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  now: new Date('2026-01-01T00:00:00.999Z'),
  ...overrides,
});

describe('a signed webhook', () => {
  it('carries every header of the contract', () => {
    const webhook = aWebhook();
    const { headers } = signWebhook(webhook);
    const hex = (text: string): string => createHmac('sha256', secret).update(text).digest('hex');
    expect(headers).toEqual({
      'Content-Type': 'application/json',
      'mr-signature': hex(webhook.body),
      'mr-timestamp': '1767225600',
      'X-ModelRiver-Timestamp': '1767225600',
      'X-ModelRiver-Signature': hex(`1767225600.${JSON.stringify({ answer: 'grün €' })}`),
      'mr-channel-id': 'channel-1',
      'X-ModelRiver-Webhook-Id': 'endpoint-1',
      'X-ModelRiver-Callback-Url': 'https://host/v1/callback/channel-1',
      'webhook-id': 'msg_1',
      'webhook-timestamp': '1767225600',
      'webhook-signature': `v1,${createHmac('sha256', Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64')).update(`msg_1.1767225600.${webhook.body}`).digest('base64')}`,
      'mr-delivery-id': 'dlv_1',
      'mr-attempt': '3',
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    });
  });

  it('names no callback URL when no callback is expected', () => {
    expect(Object.keys(signWebhook(aWebhook({ callbackUrl: null })).headers)).not.toContain(
      'X-ModelRiver-Callback-Url',
    );
  });

  it('is never unsigned', () => {
    expect(() => signWebhook(aWebhook({ secrets: [] }))).toThrow('at least one secret');
  });

  it('is accepted by the reference library of Standard Webhooks, with each secret of a rotation', () => {
    const webhook = aWebhook({ secrets: [secret, older], now: new Date() });
    const { headers } = signWebhook(webhook);
    expect(headers['webhook-signature']?.split(' ')).toHaveLength(2);
    for (const good of [secret, older]) {
      expect(new Webhook(good).verify(webhook.body, headers)).toEqual(JSON.parse(webhook.body));
    }
    const other = new Webhook(`whsec_${Buffer.from('some other secret').toString('base64')}`);
    expect(() => other.verify(webhook.body, headers)).toThrow('No matching signature');
  });
});

describe('Standard Webhooks', () => {
  it('signs the published example as published', () => {
    const webhook = { messageId: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: 1614265330, body: '{"test": 2432232314}' };
    const signature = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';
    expect(standardWebhooksSignature(webhook, [secret])).toBe(signature);
    expect(verifyStandardWebhooksSignature(webhook, `v1a,xyz v1,AAAA ${signature}`, secret)).toBe(true);
  });

  it.each([
    ['another body', { body: '{"test": 1}' }],
    ['another id', { messageId: 'msg_2' }],
    ['another time', { timestamp: 1614265331 }],
  ])('does not verify with %s', (_, change) => {
    const webhook = { messageId: 'msg_1', timestamp: 1614265330, body: '{}' };
    const header = standardWebhooksSignature(webhook, [secret]);
    expect(verifyStandardWebhooksSignature({ ...webhook, ...change }, header, secret)).toBe(false);
  });

  it.each([[''], ['v1'], ['v1,'], ['v2,g0hM9SsE'], ['rubbish'], [' ']])('does not verify %j', (header) => {
    expect(verifyStandardWebhooksSignature({ messageId: 'm', timestamp: 1, body: '{}' }, header, secret)).toBe(false);
  });
});

describe('ModelRiver’s signatures', () => {
  const webhook = aWebhook();
  const { headers } = signWebhook(webhook);

  it('verify with the secret as its owner sees it, and with nothing else', () => {
    const raw = headers['mr-signature'] ?? '';
    const ofData = headers['X-ModelRiver-Signature'] ?? '';
    expect(verifyHexSignature(webhook.body, raw, secret)).toBe(true);
    expect(verifyDataSignature(webhook.body, 1767225600, ofData, secret)).toBe(true);
    expect(verifyHexSignature(`${webhook.body} `, raw, secret)).toBe(false);
    expect(verifyHexSignature(webhook.body, raw, older)).toBe(false);
    expect(verifyHexSignature(webhook.body, '', secret)).toBe(false);
    expect(verifyDataSignature(webhook.body, 1767225601, ofData, secret)).toBe(false);
  });
});

describe('the text of a body’s data', () => {
  const stringified = (body: string): string | undefined =>
    JSON.stringify((JSON.parse(body) as Record<string, unknown>)['data']);

  it.each([
    ['the first key', { data: { a: 1 }, b: 2 }],
    ['the last key', { b: 2, data: 'x' }],
    ['behind a nested data', { ai_response: { data: { x: 1 } }, data: { y: 2 } }],
    ['behind a text that looks like it', { a: '","data":{"no":1},"b":"', data: { yes: 1 } }],
    ['behind a text that ends in backslashes', { a: '\\', b: '\\\\"', data: [1, '\\'] }],
    ['behind a key with quotes and braces', { '"}{,\\': 1, data: null }],
    ['a number before the end', { data: -1.5e-7 }],
    ['behind integer-like keys', { 7: { 10: 'x', 2: 'y' }, data: { 10: 'x', 2: 'y' } }],
    [
      'with numbers that change when they are parsed',
      { data: JSON.parse('[1.0,1e2,-0,12345678901234567890]') as unknown },
    ],
    ['with escapes', { data: JSON.parse('"\\u00fc\\/\\ud800\\u2028\\u0000"') as unknown }],
    ['empty', { data: {} }],
    ['an empty text', { data: '' }],
    ['not there', { type: 'x' }],
    ['not there at all', {}],
    ['only nested', { a: { data: 1 }, date: 2, dat: 3, data2: 4 }],
  ])('is found when it is %s', (_, value) => {
    const body = JSON.stringify(value);
    expect(dataJsonOf(body)).toBe(stringified(body));
  });

  it('is JSON.stringify of the parsed data, whatever the body', () => {
    const body = fc
      .tuple(
        fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue(), { maxKeys: 4 }),
        fc.jsonValue(),
        fc.jsonValue(),
      )
      .map(([rest, data, nested]) => JSON.stringify({ ...rest, ai_response: { data: nested }, data, z: nested }));
    fc.assert(
      fc.property(body, (raw) => {
        expect(raw).toBe(JSON.stringify(JSON.parse(raw)));
        expect(dataJsonOf(raw)).toBe(stringified(raw));
      }),
      { numRuns: 2_000 },
    );
  });
});
