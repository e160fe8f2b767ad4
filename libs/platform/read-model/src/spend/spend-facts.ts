import type { RequestEvent } from '@headrace/contracts';
import type { TimelineRow } from '../read-model.rows.js';

/** What a stored event says was spent. It counts once, when that event is stored. */
export interface SpendFact {
  readonly project: string;
  readonly sequence: number;
  /** Day of the event in UTC, `2026-01-31`. */
  readonly day: string;
  /** Empty when the event does not tell the key. */
  readonly keyId: string;
  readonly usd: number;
}

const requestEvents: ReadonlySet<string> = new Set<RequestEvent['type']>([
  'request.generated',
  'request.completed',
  'request.failed',
]);

/** What generations cost that these events were the first to tell. */
export function spendFactsOf(rows: readonly TimelineRow[]): SpendFact[] {
  const seen = new Set<number>();
  return rows.flatMap(({ type, data, project, sequence, at }) => {
    if (!requestEvents.has(type) || seen.has(sequence)) return [];
    seen.add(sequence);
    const event = { type, data } as RequestEvent;
    const usd = newlySpent(event);
    if (usd === null || !Number.isFinite(usd)) return [];
    return [{ project, sequence, day: at.slice(0, 10), keyId: event.data.context.apiKeyId ?? '', usd }];
  });
}

/** A decision repeats the generation that it rests on; only the first to tell it was paid for. */
function newlySpent(event: RequestEvent): number | null {
  switch (event.type) {
    case 'request.accepted':
    case 'request.continued':
      return null;
    case 'request.generated':
      return event.data.generation.costUsd;
    case 'request.completed':
      return event.data.callback === null ? event.data.generation.costUsd : null;
    case 'request.failed': {
      const { generation, output, code } = event.data;
      // With an output it failed after its generation was told, but for the answer that calls tools once too often.
      return output === null || code === 'tool_rounds_exceeded' ? (generation?.costUsd ?? null) : null;
    }
  }
}
