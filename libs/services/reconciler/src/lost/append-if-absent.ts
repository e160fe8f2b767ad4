import type { AggregateAddress } from '@headrace/contracts';
import { RevisionConflict, type EventLog } from '@headrace/event-log';

/**
 * Appends an aggregate's first event; resolves to its place, or to undefined when the log has the aggregate. The
 * leader decides that as it stores, so nothing that is alive can be overwritten, whatever a read has said.
 */
export async function appendIfAbsent(
  log: EventLog,
  address: AggregateAddress,
  event: { readonly type: string; readonly data: unknown },
): Promise<number | undefined> {
  try {
    return await log.append(address, { type: event.type, data: event.data }, { expectedRevision: 0 });
  } catch (error) {
    if (error instanceof RevisionConflict) return undefined;
    throw error;
  }
}
