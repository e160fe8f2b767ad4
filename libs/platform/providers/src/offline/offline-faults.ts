import { setTimeout as delay } from 'node:timers/promises';
import type { GenerateOptions, GenerationRequest } from '../ai-provider.js';
import { abortedCall, ProviderError, timedOut } from '../provider-error.js';
import type { OfflineError, OfflineKnobs } from './offline-knobs.js';

/** What a model writes that was asked for JSON and does not manage it. */
export const unreadableAnswer = '{"This is": not JSON';

/** How this attempt goes wrong; null: it goes well. An attempt without a number counts as the first. */
export function faultOf(
  { error, failTimes, repairAfter }: OfflineKnobs,
  { attempt = 1, messages, structuredOutput }: GenerationRequest,
): OfflineError | null {
  if (error === null || attempt > failTimes) return null;
  if (error !== 'invalid_json' || structuredOutput === null) return error;
  // Whoever asks for a repair shows the bad answer, so that the conversation itself tells how often it was asked.
  const seen = messages.filter(({ role, content }) => role === 'assistant' && content === unreadableAnswer).length;
  return seen >= repairAfter ? null : error;
}

/** Waits as asked, then fails with what can be told before an answer. Throws `ProviderError`. */
export async function sufferFault(
  { latencyMs, retryAfterMs }: Pick<OfflineKnobs, 'latencyMs' | 'retryAfterMs'>,
  error: OfflineError | null,
  options: GenerateOptions,
): Promise<void> {
  const waitMs = error === 'timeout' ? Infinity : latencyMs;
  if (waitMs > 0) await wait(Math.min(waitMs, options.timeoutMs), options.signal);
  if (waitMs >= options.timeoutMs) throw timedOut(options.timeoutMs);
  if (error !== null && error !== 'timeout') throw faultError(error, retryAfterMs);
}

/** Waits. Throws `ProviderError` with code `aborted`. */
export async function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(milliseconds, undefined, { signal });
  } catch {
    throw abortedCall();
  }
}

/** The connection breaks: before an answer, or in the middle of a streamed one. */
export const disconnected = (): ProviderError =>
  new ProviderError('connection_failed', 'The connection broke before the answer was complete.', { retryable: true });

function faultError(error: Exclude<OfflineError, 'timeout'>, retryAfterMs: number | null): ProviderError {
  switch (error) {
    case 'invalid_json':
      return new ProviderError('invalid_response', 'The answer of the provider is not JSON.', { httpStatus: 200 });
    case 'content_filter':
      return new ProviderError('content_filtered', "The provider's content filter withheld the answer.", {
        httpStatus: 200,
      });
    case 'disconnect':
      return disconnected();
    case 429:
      return new ProviderError('rate_limited', 'HTTP 429: simulated by metadata.error', {
        httpStatus: 429,
        retryable: true,
        retryAfterMs,
      });
    default:
      return new ProviderError(
        error >= 500 ? 'provider_failed' : 'invalid_request',
        `HTTP ${error}: simulated by metadata.error`,
        { httpStatus: error, retryable: error >= 500, retryAfterMs },
      );
  }
}
