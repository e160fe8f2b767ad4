import type { GenerationPlan, GenerationTarget } from '@headrace/contracts';
import { misfitsOf, targetOf, type FailedAttempt } from './failed-attempt.js';

/** Whom to ask next. */
export interface NextAttempt {
  readonly target: GenerationTarget;
  /** Its place in the plan, from 0. */
  readonly place: number;
  /** What the attempt is beyond a first try of its target. */
  readonly kind?: 'retry' | 'repair';
  /** Not before that time, ISO 8601; left out: at once. */
  readonly at?: string;
}

/**
 * What follows on the attempts made: the same target once more, when that was decided or it is to mend its answer,
 * else the first target in `order` that was not tried yet. Undefined when all have failed. `order`: places in the plan.
 */
export function nextAttempt(
  plan: GenerationPlan,
  order: readonly number[],
  made: readonly FailedAttempt[],
): NextAttempt | undefined {
  const last = made.at(-1);
  if (last?.final) return undefined;
  if (last) {
    const place = targetOf(last, made.length - 1);
    const target = plan.targets[place];
    if (target && last.retryAt !== undefined) return { target, place, kind: 'retry', at: last.retryAt };
    if (target && mayRepair(plan, last, made, place)) return { target, place, kind: 'repair' };
  }
  const tried = new Set(made.map(targetOf));
  const place = order.find((each) => !tried.has(each));
  const target = place === undefined ? undefined : plan.targets[place];
  return place === undefined || !target ? undefined : { target, place };
}

/** An answer that was cut at the limit of tokens would be cut there again. */
function mayRepair(
  { repairs = 0 }: GenerationPlan,
  { misfit }: FailedAttempt,
  made: readonly FailedAttempt[],
  place: number,
): boolean {
  return misfit !== undefined && misfit.cut !== true && misfitsOf(made, place).length <= repairs;
}
