import { setTimeout as delay } from 'node:timers/promises';
import type { Json, JsonObject } from '@headrace/contracts';
import type { GenerateOptions } from '../ai-provider.js';
import { abortedCall, ProviderError, timedOut } from '../provider-error.js';

/** A fault that a request asks the offline provider for. */
export interface OfflineFault {
  /** How long the answer takes, in milliseconds. */
  readonly latencyMs: number;
  /** An HTTP status, or what goes wrong; null: nothing. */
  readonly error: number | 'timeout' | 'invalid_json' | 'content_filter' | 'disconnect' | null;
}

const noFault: OfflineFault = { latencyMs: 0, error: null };
const longestMs = 600_000;
const words = ['timeout', 'invalid_json', 'content_filter', 'disconnect'] as const;

/**
 * The fault that a request's metadata asks for: `latency_ms` and `error` (400 to 599, or a word). Values that mean
 * nothing here are somebody's own data and change nothing. Cache fields put `metadata.` before the names.
 */
export function offlineFaultIn(metadata: JsonObject): OfflineFault {
  const latency = metadata.latency_ms ?? metadata['metadata.latency_ms'];
  const error = metadata.error ?? metadata['metadata.error'];
  if (latency === undefined && error === undefined) return noFault;
  return {
    latencyMs: typeof latency === 'number' && latency > 0 ? Math.min(latency, longestMs) : 0,
    error: errorIn(error),
  };
}

function errorIn(value: Json | undefined): OfflineFault['error'] {
  const status = Number(value);
  if (typeof value !== 'object' && Number.isInteger(status) && status >= 400 && status <= 599) return status;
  return words.find((word) => word === value) ?? null;
}

/** Waits and fails as asked. Throws `ProviderError`. */
export async function sufferFault({ latencyMs, error }: OfflineFault, options: GenerateOptions): Promise<void> {
  const waitMs = error === 'timeout' ? Infinity : latencyMs;
  if (waitMs > 0) await wait(Math.min(waitMs, options.timeoutMs), options.signal);
  if (waitMs >= options.timeoutMs) throw timedOut(options.timeoutMs);
  if (error !== null && error !== 'timeout') throw faultError(error);
}

async function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(milliseconds, undefined, { signal });
  } catch {
    throw abortedCall();
  }
}

function faultError(error: number | 'invalid_json' | 'content_filter' | 'disconnect'): ProviderError {
  switch (error) {
    case 'invalid_json':
      return new ProviderError('invalid_response', 'The answer of the provider is not JSON.', { httpStatus: 200 });
    case 'content_filter':
      return new ProviderError('content_filtered', "The provider's content filter withheld the answer.", {
        httpStatus: 200,
      });
    case 'disconnect':
      return new ProviderError('connection_failed', 'The connection broke before the answer was complete.', {
        retryable: true,
      });
    case 429:
      return new ProviderError('rate_limited', 'HTTP 429: simulated by metadata.error', {
        httpStatus: 429,
        retryable: true,
      });
    default:
      return new ProviderError(
        error >= 500 ? 'provider_failed' : 'invalid_request',
        `HTTP ${error}: simulated by metadata.error`,
        { httpStatus: error, retryable: error >= 500 },
      );
  }
}
