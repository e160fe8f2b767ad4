import type { JsonObject } from '@headrace/contracts';
import type { DeliveryEntity } from './entities/delivery.entity.js';
import type { RequestEntity } from './entities/request.entity.js';
import type { DeliveryRow, RequestRow } from './read-model.rows.js';

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
