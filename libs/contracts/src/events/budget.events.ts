import { Type } from '@sinclair/typebox';
import { defineEvent } from '../event.js';
import { Instant, Nullable } from '../schema/json.js';
import { budgetPeriods, type BudgetPeriod } from '../limits/budgets.js';

/** Stored in a channel that stands for the budget, the period and the threshold: told once. */
export const budgetReached = defineEvent({
  type: 'budget.reached',
  description: 'A project has spent so much in a period that a budget alerts, or refuses what comes after.',
  schema: Type.Object({
    /** Name of the budget. */
    budget: Type.String(),
    period: Type.Unsafe<BudgetPeriod>({ enum: [...budgetPeriods] }),
    /** First moment of the period. */
    periodStart: Instant,
    /** Null: the whole project's. */
    keyId: Nullable(Type.String()),
    /** `alert`: it is only told. `limit`: requests are refused until the period ends. */
    threshold: Type.Unsafe<'alert' | 'limit'>({ enum: ['alert', 'limit'] }),
    thresholdUsd: Type.Number(),
    spentUsd: Type.Number(),
    reachedAt: Instant,
  }),
});
