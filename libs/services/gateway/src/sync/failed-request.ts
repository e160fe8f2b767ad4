import type { JsonObject } from '@headrace/contracts';
import { ApiError, serviceUnavailable } from '@headrace/http';
import type { FailedRequest } from './whole-answer.js';

/** Statuses of a provider after which the same request may be answered. */
const passingStatuses = new Set([408, 409, 425, 429]);

/** OpenAI's clients try 5xx again, unless this header says that it is of no use. */
const doNotRetry = { 'x-should-retry': 'false' };

/** A failed request as an error of the OpenAI routes and of streams. */
export function failedRequest({ code, message, details }: FailedRequest): ApiError {
  if (code === 'cancelled') return new ApiError('request_cancelled', message);
  if (code === 'expired' || code === 'log_lost') return serviceUnavailable(message);
  const status = typeof details.status === 'number' ? details.status : 502;
  if (status === 429) {
    return new ApiError('rate_limit_exceeded', message, { headers: { 'retry-after': retryAfterOf(details) } });
  }
  const mayPass = status >= 500 || passingStatuses.has(status);
  return new ApiError('upstream_error', message, { headers: mayPass ? {} : doNotRetry });
}

/** Seconds until a provider that is overloaded wants to be asked again, where it said so. */
function retryAfterOf({ retry_after_seconds: seconds }: JsonObject): string {
  return String(typeof seconds === 'number' && seconds > 0 ? Math.ceil(seconds) : 1);
}
