import type { deliveryPlanned } from '@headrace/contracts';
import type { RecordedOf } from '@headrace/event-log';
import { OutboundError, type OutboundHttp } from '@headrace/outbound-http';
import { signWebhook } from '@headrace/webhook-signature';
import type { WebhookDispatcherSettings } from '../webhook-dispatcher.config.js';
import { outcomeOfError, outcomeOfResponse, type AttemptOutcome } from './attempt-outcome.js';

/** One try, as it is to be made. */
export interface WebhookTry {
  readonly planned: RecordedOf<typeof deliveryPlanned>;
  /** From 1. */
  readonly number: number;
  readonly secrets: readonly string[];
  /** W3C `traceparent` for the receiver. */
  readonly traceParent: string;
  readonly signal: AbortSignal;
}

/** More than is kept of an answer, so that one a little longer does not cost its connection. */
const maxResponseBytes = 64 * 1_024;

/**
 * Signs and posts the planned bytes. A receiver's failure is an outcome; throws only when the process shuts down,
 * which says nothing about the receiver.
 */
export async function sendWebhook(
  outbound: Pick<OutboundHttp, 'request'>,
  settings: WebhookDispatcherSettings,
  { planned, number, secrets, traceParent, signal }: WebhookTry,
): Promise<AttemptOutcome> {
  const { url, body, messageId, endpointId, deliveryId, callbackUrl } = planned.data;
  const startedAt = new Date();
  const started = performance.now();
  const signed = signWebhook({
    body,
    secrets,
    messageId,
    endpointId,
    channelId: planned.address.channel,
    deliveryId,
    attempt: number,
    callbackUrl,
    traceParent,
    now: startedAt,
  });
  const tried = () => ({ number, startedAt, durationMs: performance.now() - started });
  try {
    const response = await outbound.request({
      url,
      method: 'POST',
      headers: { ...signed.headers, 'User-Agent': 'Headrace-Webhooks/1' },
      body: signed.body,
      timeouts: {
        connectMs: settings.connectTimeoutMs,
        firstByteMs: settings.timeoutMs,
        totalMs: settings.timeoutMs,
      },
      maxResponseBytes,
      signal,
    });
    return outcomeOfResponse(tried(), response);
  } catch (error) {
    if (!(error instanceof OutboundError) || error.code === 'aborted') throw error;
    return outcomeOfError(tried(), error);
  }
}
