import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { signWebhook } from './signed-headers.js';

/** What the SDKs are tested with: webhooks as they arrive, and what is to be made of them. */
interface Vector {
  readonly name: string;
  readonly secrets: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Whether it is one that this system would send, with all headers. */
  readonly signed?: true;
}

const file = new URL('../../../sdk/vectors/webhooks.json', import.meta.url);
const vectors = (JSON.parse(readFileSync(file, 'utf8')) as Vector[]).filter(({ signed }) => signed);

describe('the webhooks that the SDKs are tested with', () => {
  it.each(vectors.map((vector) => [vector.name, vector] as const))('are as they are sent: %s', (_name, vector) => {
    const { body, headers, secrets } = vector;
    const signed = signWebhook({
      body,
      secrets,
      messageId: headers['webhook-id'] ?? '',
      endpointId: headers['X-ModelRiver-Webhook-Id'] ?? '',
      channelId: headers['mr-channel-id'] ?? '',
      deliveryId: headers['mr-delivery-id'] ?? '',
      attempt: Number(headers['mr-attempt']),
      callbackUrl: headers['X-ModelRiver-Callback-Url'] ?? null,
      traceParent: headers['traceparent'] ?? '',
      now: new Date(Number(headers['webhook-timestamp']) * 1_000),
    });
    expect(signed.headers).toEqual(headers);
    expect(body).toBe(JSON.stringify(JSON.parse(body)));
  });

  it('cover every type of webhook', () => {
    expect(new Set(vectors.map(({ body }) => (JSON.parse(body) as { type: string }).type))).toEqual(
      new Set(['task.completed', 'task.ai_generated', 'task.reminder', 'task.failed', 'headrace.endpoint.disabled']),
    );
  });
});
