import type { Json, JsonObject, TokenUsage } from '@headrace/contracts';
import { ProviderError } from '../provider-error.js';
import { isObject } from '../chat/json.js';

/** What a request's metadata asks the offline provider for. */
export interface OfflineKnobs {
  /** How long the answer takes to begin, in milliseconds. */
  readonly latencyMs: number;
  /** An HTTP status, or what goes wrong; null: nothing. */
  readonly error: OfflineError | null;
  /** What a failed attempt asks to wait, as `Retry-After` does, in milliseconds; null: nothing. */
  readonly retryAfterMs: number | null;
  /** How many attempts of a request go wrong before one goes well. */
  readonly failTimes: number;
  /** How many bad answers the conversation shows before a good one comes, when the error is `invalid_json`. */
  readonly repairAfter: number;
  /** Pieces of a streamed answer, and the pause before each but the first, in milliseconds. */
  readonly chunks: number;
  readonly chunkDelayMs: number;
  /** A tool that is called in place of an answer; null arguments: such as fit the tool. */
  readonly toolCall: { readonly name: string; readonly arguments: JsonObject | null } | null;
  /** How often tools are called for a message of the user before it is answered. */
  readonly toolRounds: number;
  /** Token counts in place of those of the texts. */
  readonly usage: TokenUsage | null;
}

const words = ['timeout', 'invalid_json', 'content_filter', 'disconnect'] as const;
export type OfflineError = number | (typeof words)[number];

/** As it answers when nobody asks for anything. */
export const noKnobs: OfflineKnobs = {
  latencyMs: 0,
  error: null,
  retryAfterMs: null,
  failTimes: Infinity,
  repairAfter: Infinity,
  chunks: 10,
  chunkDelayMs: 0,
  toolCall: null,
  toolRounds: 1,
  usage: null,
};

const longestMs = 600_000;
const mostChunks = 10_000;
const most = Number.MAX_SAFE_INTEGER;
const errorUnlessNamed = 500;

/**
 * Reads `latency_ms`, `error` (400 to 599, or a word), `retry_after_ms`, `fail_times`, `repair_after`, `chunks`,
 * `chunk_delay_ms`, `tool_call`, `tool_rounds` and `usage`; those that are left out or null ask for nothing. Cache
 * fields put `metadata.` before the names. Throws `ProviderError` with code `invalid_request` that names the field: a
 * knob that does nothing would let a test pass that tests nothing.
 */
export function offlineKnobsIn(metadata: JsonObject): OfflineKnobs {
  const knob = <T>(name: string, otherwise: T, read: (value: Json, field: string) => T): T => {
    const value = metadata[name] ?? metadata[`metadata.${name}`] ?? null;
    return value === null ? otherwise : read(value, `metadata.${name}`);
  };
  const failTimes = knob<number | null>('fail_times', null, wholeNumber(0, most));
  return {
    latencyMs: knob('latency_ms', 0, milliseconds),
    error: knob<OfflineError | null>('error', failTimes === null ? null : errorUnlessNamed, errorIn),
    retryAfterMs: knob<number | null>('retry_after_ms', null, milliseconds),
    failTimes: failTimes ?? noKnobs.failTimes,
    repairAfter: knob('repair_after', noKnobs.repairAfter, wholeNumber(0, most)),
    chunks: knob('chunks', noKnobs.chunks, wholeNumber(1, mostChunks)),
    chunkDelayMs: knob('chunk_delay_ms', 0, milliseconds),
    toolCall: knob('tool_call', null, toolCallIn),
    toolRounds: knob('tool_rounds', noKnobs.toolRounds, wholeNumber(0, most)),
    usage: knob('usage', null, usageIn),
  };
}

function milliseconds(value: Json, field: string): number {
  if (typeof value === 'number' && value >= 0 && value <= longestMs) return value;
  throw bad(field, `a number of milliseconds from 0 to ${longestMs}`);
}

const wholeNumber =
  (least: number, greatest: number) =>
  (value: Json, field: string): number => {
    if (Number.isInteger(value) && Number(value) >= least && Number(value) <= greatest) return Number(value);
    throw bad(
      field,
      greatest === most ? `a whole number from ${least}` : `a whole number from ${least} to ${greatest}`,
    );
  };

function errorIn(value: Json, field: string): OfflineError {
  const status = Number(value);
  if (typeof value !== 'object' && Number.isInteger(status) && status >= 400 && status <= 599) return status;
  const word = words.find((known) => known === value);
  if (word === undefined) throw bad(field, `a status from 400 to 599 or one of ${words.join(', ')}`);
  return word;
}

function toolCallIn(value: Json, field: string): OfflineKnobs['toolCall'] {
  const { name, arguments: given } = isObject(value) ? value : {};
  if (typeof name !== 'string' || name === '' || (given !== undefined && !isObject(given))) {
    throw bad(field, 'an object with the name of a tool and perhaps arguments, an object');
  }
  return { name, arguments: given ?? null };
}

function usageIn(value: Json, field: string): TokenUsage {
  const { prompt_tokens: prompt, completion_tokens: completion } = isObject(value) ? value : {};
  const count = wholeNumber(0, most);
  return {
    promptTokens: count(prompt ?? null, `${field}.prompt_tokens`),
    completionTokens: count(completion ?? null, `${field}.completion_tokens`),
  };
}

const bad = (field: string, what: string): ProviderError =>
  new ProviderError(
    'invalid_request',
    `${field} must be ${what}: it tells the offline provider what to do. Correct it, or leave it out.`,
  );
