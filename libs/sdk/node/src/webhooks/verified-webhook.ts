import type { Json } from '../types/json.js';
import type { WebhookPayload } from '../types/webhook-payload.js';
import type { ReceivedHeaders } from './received-headers.js';

/** A webhook whose signature was good: its payload, and what its headers say of the delivery. */
export class VerifiedWebhook<Data = Json> {
  /** The same on every attempt and replay: handle each id once. Null without the headers of Standard Webhooks. */
  readonly id: string | null;
  /** When this attempt was signed. */
  readonly sentAt: Date;
  readonly deliveryId: string | null;
  /** From 1. */
  readonly attempt: number | null;
  readonly endpointId: string | null;
  /** W3C trace context, to go on with in your own traces. */
  readonly traceParent: string | null;

  constructor(
    readonly payload: WebhookPayload<Data>,
    headers: ReceivedHeaders,
    timestamp: string,
  ) {
    const attempt = headers.get('mr-attempt');
    this.id = headers.get('webhook-id');
    this.sentAt = new Date(Number(timestamp) * 1_000);
    this.deliveryId = headers.get('mr-delivery-id');
    this.attempt = attempt !== null && /^\d+$/.test(attempt) ? Number(attempt) : null;
    this.endpointId = headers.get('x-modelriver-webhook-id');
    this.traceParent = headers.get('traceparent');
  }

  /** Where a callback goes; null when none is awaited. From the signed body, not from a header. */
  get callbackUrl(): string | null {
    return 'callback_url' in this.payload ? this.payload.callback_url : null;
  }
}
