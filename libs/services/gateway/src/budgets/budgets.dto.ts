import { budgetPeriods, type Budget, type BudgetPeriod, type ErrorDetail } from '@headrace/contracts';
import type { BudgetState } from '@headrace/domain';
import { furtherRules, type HasFurtherRules } from '@headrace/http';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { unknownFieldViolations } from '../configuration/unknown-field.violations.js';

const mostBudgets = 100;
const mostUsd = 1_000_000_000;
const namePattern = /^[A-Za-z0-9][A-Za-z0-9 _.-]{0,63}$/;

const ofBudget = ['name', 'period', 'api_key_id', 'alert_usd', 'limit_usd'];
/** What a budget is shown with: whoever reads it, changes it and sends it back means nothing by them. */
const ofView = ['spent_usd', 'period_start', 'period_end', 'state'];

/** A budget as it comes in. */
export class BudgetDto {
  @ApiProperty({ example: 'monthly', description: 'Unique in the project; refusals name it.' })
  name: string;

  @ApiProperty({ enum: budgetPeriods, description: 'Begins anew with the day or month in UTC.' })
  period: BudgetPeriod;

  @ApiPropertyOptional({ type: 'string', nullable: true, description: 'Id of the API key; left out: the project.' })
  api_key_id?: string | null;

  @ApiPropertyOptional({ type: 'number', nullable: true, description: 'From this on it is told, once a period.' })
  alert_usd?: number | null;

  @ApiPropertyOptional({ type: 'number', nullable: true, description: 'From this on requests are refused.' })
  limit_usd?: number | null;
}

/** Body of `PUT /v1/projects/{id}/budgets`. */
export class BudgetsDto implements HasFurtherRules {
  @ApiProperty({ type: [BudgetDto], description: 'All of them; those of before are replaced.' })
  budgets: BudgetDto[];

  /** Everything that is wrong, under its path. */
  [furtherRules](): readonly ErrorDetail[] {
    const budgets: unknown = this.budgets;
    if (!Array.isArray(budgets) || budgets.length > mostBudgets) {
      return [{ param: 'budgets', message: `budgets must be a list of at most ${mostBudgets} budgets.` }];
    }
    const names = new Set<unknown>();
    return budgets.flatMap((budget: unknown, index) => budgetViolations(budget, `budgets.${index}`, names));
  }
}

function budgetViolations(budget: unknown, path: string, names: Set<unknown>): ErrorDetail[] {
  const wrong = (field: string, problem: string): ErrorDetail => ({
    param: `${path}.${field}`,
    message: `${path}.${field} ${problem}.`,
  });
  const fields = (typeof budget === 'object' ? (budget ?? {}) : {}) as Readonly<Record<string, unknown>>;
  const found = unknownFieldViolations(fields, [...ofBudget, ...ofView], `${path}.`);
  const { name, period, api_key_id: keyId, alert_usd: alert, limit_usd: limit } = fields;
  if (typeof name !== 'string' || !namePattern.test(name)) {
    found.push(wrong('name', 'must be 1 to 64 letters, digits, spaces, or ._-'));
  } else if (names.has(name)) found.push(wrong('name', 'is the name of a budget above'));
  names.add(name);
  if (!(budgetPeriods as readonly unknown[]).includes(period)) found.push(wrong('period', 'must be day or month'));
  if (keyId !== undefined && keyId !== null && typeof keyId !== 'string') {
    found.push(wrong('api_key_id', 'must be the id of an API key'));
  }
  for (const field of ['alert_usd', 'limit_usd'] as const) {
    const value = fields[field] ?? null;
    const fits = value === null || (typeof value === 'number' && value >= 0 && value <= mostUsd);
    if (!fits) found.push(wrong(field, `must be an amount from 0 to ${mostUsd}`));
  }
  if ((alert ?? null) === null && (limit ?? null) === null) {
    found.push(wrong('limit_usd', 'or alert_usd is needed: without both the budget does nothing'));
  }
  return found;
}

/** A budget as the system keeps it. */
export const budgetOf = ({ name, period, api_key_id, alert_usd, limit_usd }: BudgetDto): Budget => ({
  name,
  period,
  keyId: api_key_id ?? null,
  alertUsd: alert_usd ?? null,
  limitUsd: limit_usd ?? null,
});

/** A budget as it goes out, with where it stands. */
export class BudgetView extends BudgetDto {
  @ApiProperty({ description: 'In the current period; some seconds behind.' })
  spent_usd: number;

  @ApiProperty({ format: 'date-time' })
  period_start: string;

  @ApiProperty({ format: 'date-time' })
  period_end: string;

  @ApiProperty({ enum: ['ok', 'alerting', 'used_up'] })
  state: 'ok' | 'alerting' | 'used_up';
}

/** Answer of `GET` and `PUT /v1/projects/{id}/budgets`. */
export class BudgetsView {
  @ApiProperty({ type: [BudgetView] })
  budgets: BudgetView[];
}

/** A budget and its state as they go out. */
export const budgetView = ({ budget, spentUsd, periodStart, periodEnd, ...state }: BudgetState): BudgetView => ({
  name: budget.name,
  period: budget.period,
  api_key_id: budget.keyId,
  alert_usd: budget.alertUsd,
  limit_usd: budget.limitUsd,
  spent_usd: spentUsd,
  period_start: periodStart,
  period_end: periodEnd,
  state: state.isUsedUp ? 'used_up' : state.isAlerting ? 'alerting' : 'ok',
});
