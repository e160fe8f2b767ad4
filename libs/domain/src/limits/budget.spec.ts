import { describe, expect, it } from '@jest/globals';
import type { Budget } from '@headrace/contracts';
import { budgetStateOf, periodOf } from './budget.js';

const aBudget = (overrides: Partial<Budget> = {}): Budget => ({
  name: 'all',
  period: 'month',
  keyId: null,
  alertUsd: 8,
  limitUsd: 10,
  ...overrides,
});
const now = '2026-01-31T23:59:59.999Z';
const spent = [
  { day: '2025-12-31', keyId: 'k1', usd: 100 },
  { day: '2026-01-01', keyId: 'k1', usd: 3 },
  { day: '2026-01-31', keyId: 'k1', usd: 2 },
  { day: '2026-01-31', keyId: 'k2', usd: 4 },
];

describe('the period of a budget', () => {
  it.each([
    ['day', now, '2026-01-31T00:00:00.000Z', '2026-02-01T00:00:00.000Z'],
    ['month', now, '2026-01-01T00:00:00.000Z', '2026-02-01T00:00:00.000Z'],
    ['month', '2026-12-05T10:00:00.000Z', '2026-12-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'],
    ['day', '2028-02-28T12:00:00.000Z', '2028-02-28T00:00:00.000Z', '2028-02-29T00:00:00.000Z'],
  ] as const)('%s at %s', (period, at, start, end) => {
    expect(periodOf(period, at)).toEqual({ start, end });
  });
});

describe('a budget', () => {
  it.each([
    ['of a month counts all its days', aBudget(), 9],
    ['of a day counts only that one', aBudget({ period: 'day' }), 6],
    ['of a key counts only that one', aBudget({ keyId: 'k1' }), 5],
    ['of a key that spent nothing is untouched', aBudget({ keyId: 'k3' }), 0],
  ])('%s', (_, budget, usd) => {
    expect(budgetStateOf(budget, spent, now).spentUsd).toBe(usd);
  });

  it('alerts and is used up from its amounts on', () => {
    const state = (alertUsd: number | null, limitUsd: number | null) =>
      budgetStateOf(aBudget({ alertUsd, limitUsd }), spent, now);
    expect(state(9.01, 9.01)).toMatchObject({ isAlerting: false, isUsedUp: false });
    expect(state(9, 9.01)).toMatchObject({ isAlerting: true, isUsedUp: false });
    expect(state(null, 9)).toMatchObject({ isAlerting: false, isUsedUp: true });
    expect(state(null, null)).toMatchObject({ isAlerting: false, isUsedUp: false });
  });

  it('with a limit of nothing refuses everything', () => {
    expect(budgetStateOf(aBudget({ limitUsd: 0 }), [], now).isUsedUp).toBe(true);
  });
});
