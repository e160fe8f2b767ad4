import type { DataOf, GenerationAttempt, generationAttempted } from '@headrace/contracts';

/** An answer that does not fit the schema it was asked for, as it came. */
export type Misfit = NonNullable<DataOf<typeof generationAttempted>['misfit']>;

/** An attempt that failed, with what was decided about the one that follows it. */
export interface FailedAttempt {
  readonly attempt: GenerationAttempt;
  /** When the same target is tried again, ISO 8601; left out: it is not, unless to mend a misfit. */
  readonly retryAt?: string;
  readonly misfit?: Misfit;
  /** Part of its answer was told already, so that no other one may follow. */
  readonly final?: boolean;
}

/** Which target of the plan an attempt was made at; `index`: its own place among the attempts, from 0. */
export const targetOf = ({ attempt }: FailedAttempt, index: number): number => attempt.target ?? index;

/** The attempts at one target of the plan. */
export const attemptsAt = (made: readonly FailedAttempt[], target: number): FailedAttempt[] =>
  made.filter((one, index) => targetOf(one, index) === target);

/** Answers of one target that did not fit, oldest first. */
export const misfitsOf = (made: readonly FailedAttempt[], target: number): Misfit[] =>
  attemptsAt(made, target).flatMap(({ misfit }) => (misfit ? [misfit] : []));
