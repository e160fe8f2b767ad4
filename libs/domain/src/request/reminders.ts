import type { DataOf, RequestContext, requestGenerated } from '@headrace/contracts';

/** A reminder that is still to come. */
export interface NextReminder {
  /** From 1, within the wait for one callback. */
  readonly number: number;
  /** ISO 8601. */
  readonly at: string;
}

type Wait = Pick<DataOf<typeof requestGenerated>, 'context' | 'generatedAt' | 'callbackDeadline'>;

/**
 * The reminder after number `sent` (0: the first) while a callback is awaited; undefined when none comes before the
 * deadline. `now`, in milliseconds since 1970: those that were due before it are left out, but for the first, so that
 * whoever was away for long is reminded once. `timeScale` divides the waits.
 */
export function reminderAfter(sent: number, wait: Wait, now: number, timeScale: number): NextReminder | undefined {
  const { reminderMs } = wait.context;
  if (reminderMs === undefined) return undefined;
  const begin = Date.parse(wait.generatedAt);
  const dueAt = (number: number): number | undefined => {
    const after = waitBefore(number, reminderMs);
    return after === undefined ? undefined : begin + Math.ceil(after / timeScale);
  };
  const number = sent === 0 ? 1 : Math.max(sent + 1, numberAfter((now - begin) * timeScale, reminderMs));
  const due = dueAt(number);
  if (due === undefined || due >= Date.parse(wait.callbackDeadline)) return undefined;
  return { number, at: new Date(due).toISOString() };
}

type ReminderMs = NonNullable<RequestContext['reminderMs']>;

/** How long after the answer a reminder comes; undefined when there are fewer. */
function waitBefore(number: number, reminderMs: ReminderMs): number | undefined {
  return typeof reminderMs === 'number' ? number * reminderMs : timesOf(reminderMs)[number - 1];
}

/** The number of the first reminder that comes later than `waited` after the answer. */
function numberAfter(waited: number, reminderMs: ReminderMs): number {
  if (typeof reminderMs === 'number') return Math.floor(waited / reminderMs) + 1;
  return timesOf(reminderMs).filter((time) => time <= waited).length + 1;
}

const timesOf = (times: readonly number[]): number[] => [...new Set(times)].sort((one, other) => one - other);
