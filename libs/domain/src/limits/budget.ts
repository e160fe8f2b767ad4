import type { Budget, BudgetPeriod } from '@headrace/contracts';

/** What was spent with a key on a day in UTC, in US dollars. */
export interface SpentOnDay {
  /** `2026-01-31`. */
  readonly day: string;
  readonly keyId: string;
  readonly usd: number;
}

/** A budget, and where it stands in the period of a moment. */
export interface BudgetState {
  readonly budget: Budget;
  /** First moment of the period and of the next one, ISO 8601. */
  readonly periodStart: string;
  readonly periodEnd: string;
  readonly spentUsd: number;
  readonly isAlerting: boolean;
  readonly isUsedUp: boolean;
}

const midnight = (year: number, month: number, day: number): string =>
  new Date(Date.UTC(year, month, day)).toISOString();

/** The first moment of the period that an instant is in, and of the one after it. */
export function periodOf(period: BudgetPeriod, at: string): { readonly start: string; readonly end: string } {
  const [year = 0, month = 1, day = 1] = at.slice(0, 10).split('-').map(Number);
  return period === 'day'
    ? { start: midnight(year, month - 1, day), end: midnight(year, month - 1, day + 1) }
    : { start: midnight(year, month - 1, 1), end: midnight(year, month, 1) };
}

/** Where a budget stands at an instant, from what was spent on the days of its period and others. */
export function budgetStateOf(budget: Budget, spent: readonly SpentOnDay[], at: string): BudgetState {
  const { start, end } = periodOf(budget.period, at);
  const spentUsd = spent
    .filter(({ day, keyId }) => isWithin(day, start, end) && (budget.keyId === null || budget.keyId === keyId))
    .reduce((sum, { usd }) => sum + usd, 0);
  const { alertUsd, limitUsd } = budget;
  return {
    budget,
    periodStart: start,
    periodEnd: end,
    spentUsd,
    isAlerting: alertUsd !== null && spentUsd >= alertUsd,
    isUsedUp: limitUsd !== null && spentUsd >= limitUsd,
  };
}

const isWithin = (day: string, start: string, end: string): boolean =>
  day >= start.slice(0, 10) && day < end.slice(0, 10);
