/** Budgets begin anew with the day or month in UTC. */
export const budgetPeriods = ['day', 'month'] as const;
export type BudgetPeriod = (typeof budgetPeriods)[number];

/** How much a project, or one of its keys, may spend on AI in a period, in US dollars. */
export interface Budget {
  /** Unique in the project. */
  readonly name: string;
  readonly period: BudgetPeriod;
  /** Null: the whole project. */
  readonly keyId: string | null;
  /** What is spent from here on is told; null: nothing is told before the limit. */
  readonly alertUsd: number | null;
  /** What is asked from here on is refused; null: nothing is refused. */
  readonly limitUsd: number | null;
}
