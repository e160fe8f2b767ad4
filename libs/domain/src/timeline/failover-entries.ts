import type { FailedAttempt } from '../generation/failed-attempt.js';
import { generationOf, requestEvents } from './request-entries.js';
import type { FailoverEntry } from './timeline-entry.js';
import { ofType, type KnownEvent } from './timeline-event.js';

/** A failed attempt with its place among the attempts of its generation, from 1. */
type Numbered = FailedAttempt & { readonly number: number };

/**
 * Attempts that failed. They are told as they happen, with what was decided to follow, and once more with the decision
 * that ends the generation; a process that died in between has only told the former.
 */
export function failoverEntries(events: readonly KnownEvent[]): FailoverEntry[] {
  const told: Numbered[] = ofType(events, 'generation.attempted').map(({ data }) => data);
  const attempts = generationOf(requestEvents(events).at(-1))?.attempts ?? [];
  const summed: Numbered[] = attempts.map((attempt, index) => ({ attempt, number: index + 1 }));
  const failed = [...summed, ...told].filter(({ attempt }) => attempt.status === 'error');
  // What was told says more, so it comes last.
  const distinct = new Map(failed.map((one) => [identityOf(one), one]));
  return [...distinct.values()].sort(byTime).map(failoverEntry);
}

/**
 * Neither time nor number alone: two attempts may begin in one millisecond, and two processes that went on with the
 * same generation may each have made one of the same number.
 */
const identityOf = ({ number, attempt: { provider, model, startedAt } }: Numbered): string =>
  JSON.stringify([number, provider, model, startedAt]);

const byTime = (one: Numbered, other: Numbered): number =>
  compareTimes(one.attempt.startedAt, other.attempt.startedAt) || one.number - other.number;

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
