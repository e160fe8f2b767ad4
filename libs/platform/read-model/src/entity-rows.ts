import type { JsonObject } from '@headrace/contracts';
import type { DeadLetterEntity } from './entities/dead-letter.entity.js';
import type { DeliveryEntity } from './entities/delivery.entity.js';
import type { RequestEntity } from './entities/request.entity.js';
import type { DeadLetterRow, DeliveryRow, RequestRow } from './read-model.rows.js';

// The driver gives `bigint` as text, because not every one fits a number; those that are written here do.
const numberOf = (text: string | null): number | null => (text === null ? null : Number(text));
const timeOf = (date: Date | null): string | null => date?.toISOString() ?? null;

/** A row as it was written. */
export const requestRowOf = (entity: RequestEntity): RequestRow => ({
  ...entity,
  sequence: Number(entity.sequence),
  promptTokens: numberOf(entity.promptTokens),
  completionTokens: numberOf(entity.completionTokens),
  durationMs: numberOf(entity.durationMs),
  customerData: entity.customerData as JsonObject,
  acceptedAt: entity.acceptedAt.toISOString(),
  generatedAt: timeOf(entity.generatedAt),
  endedAt: timeOf(entity.endedAt),
});

/** A row as it was written. */
export const deliveryRowOf = (entity: DeliveryEntity): DeliveryRow => ({
  ...entity,
  sequence: Number(entity.sequence),
  nextAttemptAt: timeOf(entity.nextAttemptAt),
  plannedAt: timeOf(entity.plannedAt),
  endedAt: timeOf(entity.endedAt),
});

/** A row as it was written. */
export const deadLetterRowOf = (entity: DeadLetterEntity): DeadLetterRow => ({
  ...entity,
  sequence: Number(entity.sequence),
  endedAt: entity.endedAt.toISOString(),
});

/** The dead letter that a delivery's row tells of; none while the delivery may still succeed. */
export function deadLetterRowsOf(deliveries: readonly DeliveryRow[]): DeadLetterRow[] {
  return deliveries.flatMap(
    ({
      id,
      project,
      channel,
      sequence,
      endpointId,
      url,
      type,
      status,
      httpStatus,
      error,
      errorCode = null,
      endedAt,
    }) =>
      status === 'error' && endedAt !== null
        ? [{ id, project, channel, sequence, endpointId, url, type, httpStatus, error, errorCode, endedAt }]
        : [],
  );
}
