import type { DeliveryAttempt, TunnelOutcome } from '@headrace/contracts';
import { retryAfterMsOf } from '@headrace/domain';
import { responseExcerpt, type Try } from '@headrace/webhook-sender';
import type { AttemptOutcome } from '../attempt/attempt-outcome.js';

/** An outcome that says something: the local server answered, or did not. */
export type DecidedOutcome = Exclude<TunnelOutcome, { kind: 'away' }>;

/** No laptop puts a retry off for longer: what waits has to end soon after its session. */
const longestRetryAfterMs = 600_000;

/**
 * What an attempt through a tunnel came to, by the rules of every other: 2xx is success, everything else a failure.
 * How long it took is what the local server took, as its client measured it, and never more than went by here.
 */
export function outcomeOfListener(
  { number, startedAt, durationMs: passedMs }: Try,
  told: DecidedOutcome,
): AttemptOutcome {
  const durationMs = Math.min(told.durationMs, Math.round(passedMs));
  const attempt = { number, startedAt: startedAt.toISOString(), durationMs };
  const rest = { isGone: false, isOverloaded: false };
  if (told.kind === 'failed') {
    const error = { code: told.code, message: told.message };
    return {
      ...rest,
      attempt: { ...attempt, httpStatus: null, error, responseBody: null },
      retryAfterMs: null,
      finalReason: null,
    };
  }
  const { status, retryAfter, body } = told;
  const responseBody = responseExcerpt(Buffer.from(body));
  const asked = retryAfterMsOf(retryAfter ?? undefined, startedAt.getTime() + durationMs);
  return {
    ...rest,
    attempt: { ...attempt, httpStatus: status, error: errorOf(status), responseBody },
    retryAfterMs: asked === null ? null : Math.min(asked, longestRetryAfterMs),
    finalReason: status === 410 ? 'The local server answered 410 Gone: it does not want this webhook.' : null,
  };
}

function errorOf(status: number): DeliveryAttempt['error'] {
  if (status >= 200 && status < 300) return null;
  if (status >= 300 && status < 400) {
    const message = `The local server answered ${status}, a redirect: webhooks go to the URL as it was given only.`;
    return { code: 'redirect_not_followed', message };
  }
  return { code: 'http_status', message: `The local server answered ${status}.` };
}
