import type { Difference, FieldChange } from './plan-topology.js';

/** Fields that the server counts in nanoseconds. */
const durations = new Set(['max_age', 'duplicate_window', 'ack_wait']);

/** A difference as one line for people: `stream EVENTS: max_age 10d → 30d`. */
export function describeDifference(difference: Difference): string {
  switch (difference.kind) {
    case 'createStream':
      return `stream ${difference.config.name}: create, for ${difference.config.subjects.join(', ')}`;
    case 'createConsumer':
      return `consumer ${difference.stream}/${difference.config.durable_name}: create`;
    case 'updateStream':
      return `stream ${difference.config.name}: ${changesText(difference.changes)}`;
    case 'updateConsumer':
      return `consumer ${difference.stream}/${difference.config.durable_name}: ${changesText(difference.changes)}`;
  }
}

function changesText(changes: readonly FieldChange[]): string {
  return changes
    .map(({ field, from, to }) => `${field} ${valueText(field, from)} → ${valueText(field, to)}`)
    .join(', ');
}

function valueText(field: string, value: unknown): string {
  if (value === undefined) return '(not set)';
  if (durations.has(field) && typeof value === 'number') return durationText(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const units = [
  ['d', 86_400e9],
  ['h', 3_600e9],
  ['min', 60e9],
  ['s', 1e9],
] as const;

function durationText(nanoseconds: number): string {
  const [unit, size] = units.find(([, size]) => nanoseconds >= size && nanoseconds % size === 0) ?? ['ms', 1e6];
  return `${nanoseconds / size}${unit}`;
}
