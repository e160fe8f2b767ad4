import { OutboundError, type OutboundHttp } from '@headrace/outbound-http';
import { signWebhook, type WebhookToSign } from '@headrace/webhook-signature';
import { withEndpointHeaders, type EndpointHeaders } from './endpoint-headers.js';
import { answerOf, failureOf, type WebhookAnswer } from './webhook-answer.js';

/** One try, as it is to be made. */
export interface WebhookToSend extends Omit<WebhookToSign, 'now'> {
  readonly url: string;
  /** The endpoint's own headers; they never override ours. */
  readonly headers: EndpointHeaders;
  readonly signal: AbortSignal;
}

/** How long a try may take, in milliseconds. */
export interface WebhookLimits {
  readonly connectTimeoutMs: number;
  /** In all, from DNS to the last byte of the answer. */
  readonly timeoutMs: number;
}

/** What was sent and what came of it. */
export interface SentWebhook extends WebhookAnswer {
  /** As they were sent, signatures included: for the eyes of who holds the secret only. */
  readonly headers: EndpointHeaders;
}

/** More than is kept of an answer, so that one a little longer does not cost its connection. */
const maxResponseBytes = 64 * 1_024;

/**
 * Signs and posts a body. A receiver's failure is an answer; throws only when the caller gave up, which says nothing
 * about the receiver.
 */
export async function sendWebhook(
  outbound: Pick<OutboundHttp, 'request'>,
  { connectTimeoutMs, timeoutMs }: WebhookLimits,
  webhook: WebhookToSend,
): Promise<SentWebhook> {
  const startedAt = new Date();
  const started = performance.now();
  const signed = signWebhook({ ...webhook, now: startedAt });
  const headers = withEndpointHeaders({ ...signed.headers, 'User-Agent': 'Headrace-Webhooks/1' }, webhook.headers);
  const tried = () => ({ number: webhook.attempt, startedAt, durationMs: performance.now() - started });
  try {
    const response = await outbound.request({
      url: webhook.url,
      method: 'POST',
      headers,
      body: signed.body,
      timeouts: { connectMs: connectTimeoutMs, firstByteMs: timeoutMs, totalMs: timeoutMs },
      maxResponseBytes,
      http2: true,
      // By `webhook-id` a receiver tells a repeated webhook from a new one.
      repeatable: true,
      signal: webhook.signal,
    });
    return { ...answerOf(tried(), response), headers };
  } catch (error) {
    if (!(error instanceof OutboundError) || error.code === 'aborted') throw error;
    return { ...failureOf(tried(), error), headers };
  }
}
