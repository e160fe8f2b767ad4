import type { DeliveryRow } from '../read-model.rows.js';

/** A time of the tests' world, ISO 8601. */
export const timeAt = (second: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();

/** A delivery of project `p1` that was planned at a second. */
export const aDeliveryRow = (id: string, second: number, overrides: Partial<DeliveryRow> = {}): DeliveryRow => ({
  project: 'p1',
  channel: 'c1',
  sequence: second,
  id,
  endpointId: 'e1',
  url: 'https://example.com/',
  type: 'task.completed',
  status: 'planned',
  attempts: null,
  httpStatus: null,
  error: null,
  nextAttemptAt: null,
  plannedAt: timeAt(second),
  endedAt: null,
  replayOf: null,
  ...overrides,
});

/** A delivery that was given up at a second. */
export const aGivenUpRow = (id: string, second: number, overrides: Partial<DeliveryRow> = {}): DeliveryRow => {
  const end = { status: 'error', httpStatus: 500, error: 'It broke.', errorCode: 'http_status' };
  return aDeliveryRow(id, second, { ...end, endedAt: timeAt(second), ...overrides });
};
