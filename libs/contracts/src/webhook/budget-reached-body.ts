import type { budgetReached } from '../events/budget.events.js';
import type { DataOf } from '../event.js';

/** What happened to the budget. */
interface BudgetReachedFacts {
  readonly budget: string;
  readonly period: 'day' | 'month';
  readonly period_start: string;
  readonly api_key_id: string | null;
  readonly threshold: 'alert' | 'limit';
  readonly threshold_usd: number;
  readonly spent_usd: number;
  readonly reached_at: string;
}

/** Body of `headrace.budget.reached`. The facts are in `data` as well, since one of the signatures covers only that. */
export interface BudgetReachedBody extends BudgetReachedFacts {
  readonly type: 'headrace.budget.reached';
  readonly data: BudgetReachedFacts;
  readonly timestamp: string;
}

/** The operational webhook that tells a project's owner that a budget alerts or is used up. */
export function budgetReachedBodyOf(event: DataOf<typeof budgetReached>): BudgetReachedBody {
  const facts: BudgetReachedFacts = {
    budget: event.budget,
    period: event.period,
    period_start: event.periodStart,
    api_key_id: event.keyId,
    threshold: event.threshold,
    threshold_usd: event.thresholdUsd,
    spent_usd: event.spentUsd,
    reached_at: event.reachedAt,
  };
  return { type: 'headrace.budget.reached', ...facts, data: facts, timestamp: event.reachedAt };
}
