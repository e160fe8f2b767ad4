import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ConfigurationError, WebhookVerificationError } from '../errors.js';
import { verifyRequest } from './verify-request.js';
import { verifyWebhook, type VerifyOptions } from './verify-webhook.js';

interface Vector {
  readonly name: string;
  readonly outcome: string;
  readonly secrets: readonly string[];
  /** Unix seconds. */
  readonly now: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const file = new URL('../../../vectors/webhooks.json', import.meta.url);
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vector[];
const named = (name: string): Vector => {
  const vector = vectors.find((each) => each.name === name);
  if (!vector) throw new Error(`There is no vector "${name}".`);
  return vector;
};
const optionsOf = ({ secrets, now }: Vector): VerifyOptions => ({ secret: secrets, now: () => new Date(now * 1_000) });

function outcomeOf(verify: () => unknown): string {
  try {
    verify();
    return 'verified';
  } catch (error) {
    if (error instanceof WebhookVerificationError) return error.code;
    throw error;
  }
}

describe('verifyWebhook', () => {
  it.each(vectors.map((vector) => [vector.name, vector.outcome, vector] as const))(
    '%s: %s',
    (_name, outcome, vector) => {
      const { headers, body } = vector;
      expect(outcomeOf(() => verifyWebhook({ headers, body }, optionsOf(vector)))).toBe(outcome);
      const bytes = new TextEncoder().encode(body);
      expect(outcomeOf(() => verifyWebhook({ headers: new Headers(headers), body: bytes }, optionsOf(vector)))).toBe(
        outcome,
      );
    },
  );

  it('tells what the headers say of the delivery', () => {
    const vector = named('task.ai_generated');
    expect(verifyWebhook(vector, optionsOf(vector))).toMatchObject({
      id: 'msg_1',
      deliveryId: 'dlv_1',
      attempt: 3,
      endpointId: 'ep_1',
      sentAt: new Date('2026-01-01T00:00:00Z'),
      traceParent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
      callbackUrl: 'https://host.example/v1/callback/0199c2a8-6b1e-7c54-9f0e-3a52c1d4e8b7?round=1',
    });
  });

  it('takes the callback URL from the signed body, not from a header that anybody could add', () => {
    const vector = named('task.completed');
    const headers = { ...vector.headers, 'X-ModelRiver-Callback-Url': 'https://thief.example/' };
    expect(verifyWebhook({ body: vector.body, headers }, optionsOf(vector)).callbackUrl).toBeNull();
  });

  it('gives payloads that are told apart by their type', () => {
    const vector = named('task.failed');
    const { payload } = verifyWebhook<{ title: string }>(vector, optionsOf(vector));
    switch (payload.type) {
      case 'task.failed':
        expect(payload.error.code).toBe('callback_timeout');
        break;
      case 'task.completed':
      case 'task.ai_generated':
      case 'task.reminder':
        throw new Error(payload.data.title);
      case 'headrace.endpoint.disabled':
        throw new Error(payload.endpoint_id);
      case 'headrace.budget.reached':
        throw new Error(payload.budget);
    }
  });

  it.each([
    ['parsed JSON', { type: 'task.completed' }],
    ['nothing', undefined],
  ])('says that it needs the raw body when it is given %s', (_what, body) => {
    const vector = named('task.completed');
    const verify = () => verifyWebhook({ headers: vector.headers, body: body as unknown as string }, optionsOf(vector));
    expect(verify).toThrow(ConfigurationError);
    expect(verify).toThrow('raw');
  });

  it.each([[''], ['whsec_'], [[]], [['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', '']], [undefined]])(
    'refuses to verify with the secret %j',
    (secret) => {
      const verify = () => verifyWebhook(named('task.completed'), { secret: secret as string });
      expect(verify).toThrow(ConfigurationError);
    },
  );

  it('puts neither secrets nor signatures into its errors', () => {
    for (const vector of vectors.filter(({ outcome }) => outcome !== 'verified')) {
      try {
        verifyWebhook(vector, optionsOf(vector));
      } catch (error) {
        const text = `${String(error)} ${JSON.stringify(error)}`;
        for (const hidden of [...vector.secrets, vector.headers['mr-signature']]) {
          if (hidden) expect(text).not.toContain(hidden.replace('whsec_', ''));
        }
      }
    }
    expect.hasAssertions();
  });
});

describe('verifyRequest', () => {
  const vector = named('numbers, escapes and keys that change when JSON is written again');
  const requestOf = ({ headers, body }: Vector) =>
    new Request('https://shop.example/hook', { method: 'POST', headers, body });

  it('reads the bytes of a Fetch request itself', async () => {
    const { payload } = await verifyRequest(requestOf(vector), optionsOf(vector));
    expect(JSON.stringify(payload)).toBe(vector.body);
  });

  it('says so when something has read the body before', async () => {
    const request = requestOf(vector);
    await request.json();
    await expect(verifyRequest(request, optionsOf(vector))).rejects.toThrow('parsed before');
  });

  it('reads no more of a body than a webhook can have', async () => {
    let pulled = 0;
    const endless = new ReadableStream({
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(1024 * 1024));
      },
    });
    const init = { method: 'POST', headers: vector.headers, body: endless, duplex: 'half' };
    const request = new Request('https://shop.example/hook', init as RequestInit);
    await expect(verifyRequest(request, optionsOf(vector))).rejects.toMatchObject({ code: 'body_too_large' });
    expect(pulled).toBeLessThan(40);
  });
});
