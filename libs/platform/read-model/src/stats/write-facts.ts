import { storableJson, storableText } from '../storable.js';
import type { Statement } from '../write-rows.js';
import type { EndpointFacts, SlotFact, SummaryFact } from './endpoint-facts.js';

/** The part of a combined statement that stores events and gives back those that were not there yet. */
export const storedEvents = 'stored_events';

/*
 * An addition is no no-op when it is repeated, so what is added hangs on the events: a fact counts only if the same
 * statement stored its event. A batch that comes again stores none, and adds nothing. Sequences are unique within a
 * batch.
 */

/** Adds to what is counted in slots of time. Keys in order, so that writers do not deadlock. */
const addToSlots = `
  INSERT INTO endpoint_slots (project_id, endpoint_id, slot, kind, outcome, bucket, count, max_ms)
  SELECT fact.project_id, fact.endpoint_id, fact.slot, fact.kind, fact.outcome, fact.bucket, count(*), max(fact.ms)
  FROM unnest($1::bigint[], $2::text[], $3::text[], $4::timestamptz[], $5::text[], $6::text[], $7::integer[],
              $8::integer[])
    AS fact (sequence, project_id, endpoint_id, slot, kind, outcome, bucket, ms)
  JOIN ${storedEvents} USING (sequence)
  GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6
  ON CONFLICT (project_id, endpoint_id, slot, kind, outcome, bucket) DO UPDATE SET
    count = endpoint_slots.count + EXCLUDED.count,
    max_ms = GREATEST(endpoint_slots.max_ms, EXCLUDED.max_ms)`;

const addToSummaries = `
  INSERT INTO endpoint_summaries
    (project_id, endpoint_id, planned, ended, last_success_at, last_failure_sequence, last_failure)
  SELECT fact.project_id, fact.endpoint_id, sum(fact.planned), sum(fact.ended), max(fact.success_at),
         max(fact.sequence) FILTER (WHERE fact.failure IS NOT NULL),
         (array_agg(fact.failure ORDER BY fact.sequence DESC) FILTER (WHERE fact.failure IS NOT NULL))[1]
  FROM unnest($1::bigint[], $2::text[], $3::text[], $4::integer[], $5::integer[], $6::timestamptz[], $7::jsonb[])
    AS fact (sequence, project_id, endpoint_id, planned, ended, success_at, failure)
  JOIN ${storedEvents} USING (sequence)
  GROUP BY 1, 2 ORDER BY 1, 2
  ON CONFLICT (project_id, endpoint_id) DO UPDATE SET
    planned = endpoint_summaries.planned + EXCLUDED.planned,
    ended = endpoint_summaries.ended + EXCLUDED.ended,
    last_success_at = GREATEST(endpoint_summaries.last_success_at, EXCLUDED.last_success_at),
    last_failure_sequence = GREATEST(endpoint_summaries.last_failure_sequence, EXCLUDED.last_failure_sequence),
    last_failure = CASE WHEN EXCLUDED.last_failure_sequence > COALESCE(endpoint_summaries.last_failure_sequence, 0)
      THEN EXCLUDED.last_failure ELSE endpoint_summaries.last_failure END`;

/** The statements that count facts, to be combined with the one that stores their events. */
export function factStatements({ slots, summaries }: EndpointFacts): [Statement, Statement] {
  const text = <Fact>(facts: readonly Fact[], read: (fact: Fact) => string) =>
    facts.map((fact) => storableText(read(fact)));
  const placeOf = (facts: readonly (SlotFact | SummaryFact)[]) => [
    facts.map(({ sequence }) => sequence),
    text(facts, ({ project }) => project),
    text(facts, ({ endpointId }) => endpointId),
  ];
  return [
    {
      sql: addToSummaries,
      parameters: [
        ...placeOf(summaries),
        summaries.map(({ planned }) => planned),
        summaries.map(({ ended }) => ended),
        summaries.map(({ successAt }) => successAt),
        summaries.map(({ failure }) => failure && storableJson(failure)),
      ],
    },
    {
      sql: addToSlots,
      parameters: [
        ...placeOf(slots),
        slots.map(({ slot }) => slot),
        slots.map(({ kind }) => kind),
        text(slots, ({ outcome }) => outcome),
        slots.map(({ bucket }) => bucket),
        slots.map(({ durationMs }) => durationMs),
      ],
    },
  ];
}
