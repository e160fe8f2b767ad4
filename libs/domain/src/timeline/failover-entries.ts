import type { GenerationAttempt } from '@headrace/contracts';
import type { FailedAttempt } from '../generation/failed-attempt.js';
import { generationOf, requestEvents } from './request-entries.js';
import type { FailoverEntry } from './timeline-entry.js';
import { ofType, type KnownEvent } from './timeline-event.js';

/**
 * Attempts that failed. They are told as they happen, with what was decided to follow, and once more with the decision
 * that ends the generation; a process that died in between has only told the former.
 */
export function failoverEntries(events: readonly KnownEvent[]): FailoverEntry[] {
  const told: FailedAttempt[] = ofType(events, 'generation.attempted').map(({ data }) => data);
  const summed = generationOf(requestEvents(events).at(-1))?.attempts ?? [];
  const failed: FailedAttempt[] = [...summed.map((attempt) => ({ attempt })), ...told].filter(
    ({ attempt }) => attempt.status === 'error',
  );
  // What was told says more, so it comes last.
  const distinct = new Map(failed.map((one) => [identityOf(one.attempt), one]));
  return [...distinct.values()]
    .sort((one, other) => compareTimes(one.attempt.startedAt, other.attempt.startedAt))
    .map(failoverEntry);
}

const identityOf = ({ provider, model, startedAt }: GenerationAttempt): string =>
  JSON.stringify([provider, model, startedAt]);

const compareTimes = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

function failoverEntry({ attempt, retryAt, misfit }: FailedAttempt): FailoverEntry {
  return {
    kind: 'failover',
    status: 'error',
    color: 'amber',
    at: attempt.startedAt,
    duration_ms: attempt.durationMs,
    provider: attempt.provider,
    model: attempt.model,
    attempt_kind: attempt.kind ?? 'first',
    http_status: attempt.httpStatus,
    error: attempt.reason,
    error_code: attempt.code ?? null,
    retry_at: retryAt ?? null,
    content: misfit?.content ?? null,
    violations: misfit?.violations ?? null,
  };
}
