import { webhookHeaders } from '@headrace/contracts';
import { dataJsonOf } from './data-json.js';
import { dataSignature, hexSignature } from './modelriver-signature.js';
import { standardWebhooksSignature } from './standard-webhooks.js';

/** One attempt to deliver one body. */
export interface WebhookToSign {
  /** The raw body as stored; `body === JSON.stringify(JSON.parse(body))`. */
  readonly body: string;
  /** The endpoint's secrets, the current one first; during a rotation the older ones follow. Never empty. */
  readonly secrets: readonly string[];
  readonly messageId: string;
  readonly endpointId: string;
  readonly channelId: string;
  readonly deliveryId: string;
  /** From 1. */
  readonly attempt: number;
  /** Null when no callback is expected. */
  readonly callbackUrl: string | null;
  /** W3C `traceparent`. */
  readonly traceParent: string;
  readonly now: Date;
}

/** A body as bytes with the headers that go with it. */
export interface SignedWebhook {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/**
 * Everything to send in one attempt (CONTRACT section 4). `webhook-signature` holds a signature for each secret;
 * the two hex headers have room for one, made with the current secret.
 */
export function signWebhook(webhook: WebhookToSign): SignedWebhook {
  const [current] = webhook.secrets;
  if (current === undefined) throw new Error('A webhook needs at least one secret to be signed with');
  // Encoded once: three signatures and the request itself read these bytes.
  const body = Buffer.from(webhook.body);
  const timestamp = Math.floor(webhook.now.getTime() / 1_000);
  const seconds = String(timestamp);
  const { messageId } = webhook;
  const headers: Record<string, string> = {
    'Content-Type': 'application/json',
    [webhookHeaders.signature]: hexSignature(body, current),
    [webhookHeaders.timestamp]: seconds,
    [webhookHeaders.modelRiverTimestamp]: seconds,
    [webhookHeaders.modelRiverSignature]: dataSignature(dataJsonOf(webhook.body), timestamp, current),
    [webhookHeaders.channelId]: webhook.channelId,
    [webhookHeaders.webhookEndpointId]: webhook.endpointId,
    [webhookHeaders.standardId]: messageId,
    [webhookHeaders.standardTimestamp]: seconds,
    [webhookHeaders.standardSignature]: standardWebhooksSignature({ messageId, timestamp, body }, webhook.secrets),
    [webhookHeaders.deliveryId]: webhook.deliveryId,
    [webhookHeaders.attempt]: String(webhook.attempt),
    [webhookHeaders.traceParent]: webhook.traceParent,
  };
  if (webhook.callbackUrl !== null) headers[webhookHeaders.callbackUrl] = webhook.callbackUrl;
  return { headers, body };
}

/** Only the headers of `signWebhook`. */
export const signedHeaders = (webhook: WebhookToSign): Readonly<Record<string, string>> => signWebhook(webhook).headers;
