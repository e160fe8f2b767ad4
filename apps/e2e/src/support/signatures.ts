import { createHmac } from 'node:crypto';
import type { ReceivedRequest } from '@headrace/testing';
import { Webhook } from 'standardwebhooks';
import type { WebhookBody } from './wire.js';

const hex = (secret: string, text: string | Buffer): string => createHmac('sha256', secret).update(text).digest('hex');

/**
 * What a receiver works out for the signatures of a webhook (CONTRACT section 4), by its own means: Node's HMAC, and
 * the reference library of Standard Webhooks, which throws when it does not agree.
 */
export function expectedSignatures(webhook: ReceivedRequest, secret: string): Record<string, string> {
  const timestamp = String(webhook.headers['mr-timestamp']);
  const { data } = webhook.json<WebhookBody>();
  new Webhook(secret).verify(webhook.body, webhook.headers as Record<string, string>);
  return {
    'mr-signature': hex(secret, webhook.body),
    'x-modelriver-signature': hex(secret, `${timestamp}.${JSON.stringify(data)}`),
  };
}
