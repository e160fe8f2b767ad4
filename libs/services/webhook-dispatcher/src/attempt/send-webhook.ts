import type { deliveryPlanned } from '@headrace/contracts';
import type { RecordedOf } from '@headrace/event-log';
import type { OutboundHttp } from '@headrace/outbound-http';
import { sendWebhook as send, type EndpointHeaders } from '@headrace/webhook-sender';
import type { WebhookDispatcherSettings } from '../webhook-dispatcher.config.js';
import { outcomeOf, type AttemptOutcome } from './attempt-outcome.js';

/** One try, as it is to be made. */
export interface WebhookTry {
  readonly planned: RecordedOf<typeof deliveryPlanned>;
  /** From 1. */
  readonly number: number;
  readonly secrets: readonly string[];
  /** The endpoint's own; none when left out. */
  readonly headers?: EndpointHeaders;
  /** W3C `traceparent` for the receiver. */
  readonly traceParent: string;
  readonly signal: AbortSignal;
}

/**
 * Signs and posts the planned bytes. A receiver's failure is an outcome; throws only when the process shuts down,
 * which says nothing about the receiver.
 */
export async function sendWebhook(
  outbound: Pick<OutboundHttp, 'request'>,
  settings: WebhookDispatcherSettings,
  { planned, number, secrets, headers = {}, traceParent, signal }: WebhookTry,
): Promise<AttemptOutcome> {
  const { url, body, messageId, endpointId, deliveryId, callbackUrl } = planned.data;
  const channelId = planned.address.channel;
  const signed = { body, secrets, messageId, endpointId, channelId, deliveryId, attempt: number, callbackUrl };
  return outcomeOf(await send(outbound, settings, { ...signed, url, headers, traceParent, signal }));
}
