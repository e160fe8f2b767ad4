import type { DeliveryAttempt } from '@headrace/contracts';
import { retryAfterMsOf } from '@headrace/domain';
import type { OutboundError, OutboundResponse } from '@headrace/outbound-http';
import { attemptTimingsOf } from './attempt-timings.js';
import { excerptLimit, responseExcerpt } from './response-excerpt.js';

/** What one HTTP try came to, and what it means for the tries after it. */
export interface AttemptOutcome {
  readonly attempt: DeliveryAttempt;
  readonly retryAfterMs: number | null;
  /** Why no further attempt makes sense; null when one does. */
  readonly finalReason: string | null;
  /** Whether the endpoint said that it wants nothing more, ever (410 Gone). */
  readonly isGone: boolean;
  /** Whether the endpoint, or what stands before it, said that it has too much to do (429, 502, 503 and 504). */
  readonly isOverloaded: boolean;
}

/** When a try began, as a number of the delivery and on the clock. */
export interface Try {
  readonly number: number;
  readonly startedAt: Date;
  readonly durationMs: number;
}

/** Statuses that ask for fewer requests; any other failure says nothing about how many the endpoint can take. */
const overloadedStatuses: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** The outcome of a try that brought an answer: 2xx is success, everything else a failure (CONTRACT section 4). */
export function outcomeOfResponse({ number, startedAt, durationMs }: Try, response: OutboundResponse): AttemptOutcome {
  const { status, headers, body } = response;
  const isGone = status === 410;
  const endedAt = startedAt.getTime() + durationMs;
  const retryAfter = headers['retry-after'];
  return {
    attempt: {
      number,
      startedAt: startedAt.toISOString(),
      durationMs: Math.round(durationMs),
      httpStatus: status,
      error: errorOf(status),
      responseBody: responseExcerpt(body),
      ...(response.truncated || body.length > excerptLimit ? { responseTruncated: true } : {}),
      protocol: response.version,
      timings: attemptTimingsOf(response.timings),
    },
    retryAfterMs: retryAfterMsOf(Array.isArray(retryAfter) ? retryAfter[0] : retryAfter, endedAt),
    finalReason: isGone ? 'The endpoint answered 410 Gone: it wants no more webhooks and was switched off.' : null,
    isGone,
    isOverloaded: overloadedStatuses.has(status),
  };
}

/** The outcome of a try without a complete answer. */
export function outcomeOfError({ number, startedAt, durationMs }: Try, error: OutboundError): AttemptOutcome {
  return {
    attempt: {
      number,
      startedAt: startedAt.toISOString(),
      durationMs: Math.round(durationMs),
      httpStatus: error.status,
      error: { code: error.code, message: error.message },
      responseBody: null,
      ...(error.timings ? { timings: attemptTimingsOf(error.timings) } : {}),
    },
    retryAfterMs: null,
    finalReason: null,
    isGone: false,
    isOverloaded: false,
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
