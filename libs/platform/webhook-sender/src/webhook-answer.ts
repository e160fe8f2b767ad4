import type { DeliveryAttempt } from '@headrace/contracts';
import type { OutboundError, OutboundResponse } from '@headrace/outbound-http';
import { attemptTimingsOf } from './attempt-timings.js';
import { excerptLimit, responseExcerpt } from './response-excerpt.js';

/** When a try began, as a number of the delivery and on the clock. */
export interface Try {
  /** From 1. */
  readonly number: number;
  readonly startedAt: Date;
  readonly durationMs: number;
}

/** What one HTTP try came to. */
export interface WebhookAnswer {
  readonly attempt: DeliveryAttempt;
  /** Whether an answer came in full, or as far as it is read: then its status means what it says. */
  readonly isAnswered: boolean;
  /** `Retry-After` of the answer, as it was written. */
  readonly retryAfter: string | undefined;
}

/**
 * A try that brought an answer: 2xx is success, everything else a failure (CONTRACT section 4). A 2xx with more of a
 * body than is read is a success too: what the receiver had to say, it said with its status.
 */
export function answerOf({ number, startedAt, durationMs }: Try, response: OutboundResponse): WebhookAnswer {
  const { status, headers, body, truncated, version, timings } = response;
  const retryAfter = headers['retry-after'];
  return {
    attempt: {
      number,
      startedAt: startedAt.toISOString(),
      durationMs: Math.round(durationMs),
      httpStatus: status,
      error: errorOf(status),
      responseBody: responseExcerpt(body),
      ...(truncated || body.length > excerptLimit ? { responseTruncated: true } : {}),
      protocol: version,
      timings: attemptTimingsOf(timings),
    },
    isAnswered: true,
    retryAfter: Array.isArray(retryAfter) ? retryAfter[0] : retryAfter,
  };
}

/** A try without a complete answer. */
export function failureOf({ number, startedAt, durationMs }: Try, error: OutboundError): WebhookAnswer {
  const { code, message, status, timings } = error;
  return {
    attempt: {
      number,
      startedAt: startedAt.toISOString(),
      durationMs: Math.round(durationMs),
      httpStatus: status,
      error: { code, message },
      responseBody: null,
      ...(timings ? { timings: attemptTimingsOf(timings) } : {}),
    },
    isAnswered: false,
    retryAfter: undefined,
  };
}

function errorOf(status: number): DeliveryAttempt['error'] {
  if (status >= 200 && status < 300) return null;
  if (status >= 300 && status < 400) {
    const message = `The endpoint answered ${status}, a redirect: webhooks go to the URL as it is registered only.`;
    return { code: 'redirect_not_followed', message };
  }
  return { code: 'http_status', message: `The endpoint answered ${status}.` };
}
