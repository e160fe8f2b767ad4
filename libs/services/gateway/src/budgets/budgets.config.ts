import { Setting } from '@headrace/config';
import { IsInt, Max, Min } from 'class-validator';

/** Settings of budgets. */
export class BudgetSettings {
  @Setting({
    env: 'HEADRACE_BUDGET_REFRESH_MS',
    as: 'number',
    description: 'How old what a gateway knows of the spending of a project with budgets may be, in milliseconds.',
  })
  @IsInt()
  @Min(10)
  @Max(600_000)
  refreshMs = 2_000;
}
