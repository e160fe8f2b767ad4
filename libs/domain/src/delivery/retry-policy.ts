import type { RetrySetting } from '@headrace/contracts';
import { defaultRetryPolicy, type RetryPolicy } from './retry-schedule.js';

const day = 24 * 60 * 60;

/** What a retry setting may say. */
export const retryLimits = {
  attempts: 50,
  /** Between two attempts, in seconds. */
  waitSeconds: 7 * day,
  factor: 10,
  /** From the first attempt to the last, in seconds: well within the time that the log keeps a delivery. */
  totalSeconds: 14 * day,
} as const;

/** Why a retry setting cannot be followed. */
export interface RetryContradiction {
  /** Path within the setting: `factor`, `scheduleSeconds.3`. */
  readonly field: string;
  /** What is wrong and what would be right, to be read after the field's name. */
  readonly message: string;
}

type Schedule = Extract<RetrySetting, { scheduleSeconds: unknown }>;
type Exponential = Exclude<RetrySetting, Schedule>;

/** The policy that a setting stands for; the documented schedule without one. */
export function retryPolicyOf(setting: RetrySetting | null): RetryPolicy {
  if (setting === null) return defaultRetryPolicy;
  return { delaysMs: waitsOf(setting).map((seconds) => Math.round(seconds * 1_000)) };
}

/** Everything in a setting that cannot be followed; empty when all can. */
export function retryContradictions(setting: RetrySetting): RetryContradiction[] {
  const problems = isSchedule(setting) ? scheduleProblems(setting) : exponentialProblems(setting);
  if (problems.length > 0) return problems;
  const total = waitsOf(setting).reduce((sum, seconds) => sum + seconds, 0);
  if (total <= retryLimits.totalSeconds) return [];
  const message = `must not stretch over more than ${retryLimits.totalSeconds} seconds in all; it comes to ${Math.round(total)}`;
  return [{ field: isSchedule(setting) ? 'scheduleSeconds' : 'attempts', message }];
}

/** Seconds to wait before each attempt; the first is always made at once. */
function waitsOf(setting: RetrySetting): number[] {
  if (isSchedule(setting)) {
    const { scheduleSeconds } = setting;
    return scheduleSeconds[0] === 0 ? [...scheduleSeconds] : [0, ...scheduleSeconds];
  }
  const { attempts, initialSeconds, factor, maxSeconds } = setting;
  return Array.from({ length: attempts }, (_, index) =>
    index === 0 ? 0 : Math.min(initialSeconds * factor ** (index - 1), maxSeconds),
  );
}

function scheduleProblems({ scheduleSeconds }: Schedule): RetryContradiction[] {
  const attempts = scheduleSeconds.length + (scheduleSeconds[0] === 0 ? 0 : 1);
  if (scheduleSeconds.length === 0 || attempts > retryLimits.attempts) {
    return [{ field: 'scheduleSeconds', message: `must be the waits of 1 to ${retryLimits.attempts} attempts` }];
  }
  return scheduleSeconds.flatMap((wait, index) =>
    isWithin(wait, 0, retryLimits.waitSeconds)
      ? []
      : [{ field: `scheduleSeconds.${index}`, message: `must be from 0 to ${retryLimits.waitSeconds} seconds` }],
  );
}

function exponentialProblems({ attempts, initialSeconds, factor, maxSeconds }: Exponential): RetryContradiction[] {
  const { waitSeconds } = retryLimits;
  const problems: RetryContradiction[] = [];
  if (!Number.isInteger(attempts) || !isWithin(attempts, 1, retryLimits.attempts)) {
    problems.push({ field: 'attempts', message: `must be a whole number from 1 to ${retryLimits.attempts}` });
  }
  if (!(initialSeconds > 0 && initialSeconds <= waitSeconds)) {
    problems.push({ field: 'initialSeconds', message: `must be more than 0 and at most ${waitSeconds} seconds` });
  }
  if (!isWithin(factor, 1, retryLimits.factor)) {
    problems.push({ field: 'factor', message: `must be from 1 to ${retryLimits.factor}` });
  }
  if (!isWithin(maxSeconds, 0, waitSeconds)) {
    problems.push({ field: 'maxSeconds', message: `must be at most ${waitSeconds} seconds` });
  } else if (maxSeconds < initialSeconds) {
    problems.push({ field: 'maxSeconds', message: 'must not be less than the first wait' });
  }
  return problems;
}

const isSchedule = (setting: RetrySetting): setting is Schedule => 'scheduleSeconds' in setting;

const isWithin = (value: number, least: number, most: number): boolean => value >= least && value <= most;
