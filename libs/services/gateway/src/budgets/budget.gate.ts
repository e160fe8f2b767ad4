import type { Budget } from '@headrace/contracts';
import { budgetStateOf, type BudgetState } from '@headrace/domain';
import { ApiError } from '@headrace/http';
import type { Spent } from '@headrace/read-model';
import { metrics } from '@headrace/telemetry';
import { Injectable } from '@nestjs/common';
import type { ArrivingRequest, RequestGate } from '../accept/request-gate.js';
import { BudgetAlerts } from './budget.alerts.js';
import { Spending } from './spending.js';

/** Refuses requests of projects and keys that have used up a budget, and has told what is reached. */
@Injectable()
export class BudgetGate implements RequestGate {
  constructor(
    private readonly spending: Spending,
    private readonly alerts: BudgetAlerts,
  ) {}

  /** Throws `budget_exceeded`. A project without budgets costs nothing; one with them no wait for a database. */
  admit(request: ArrivingRequest): undefined | Promise<undefined> {
    const { project, projectId, keyId } = request.asker;
    if (project.budgets.length === 0) return undefined;
    const budgets = project.budgets.filter((budget) => budget.keyId === null || budget.keyId === keyId);
    if (budgets.length === 0) return undefined;
    const spent = this.spending.of(projectId);
    if (spent instanceof Promise) return spent.then((known) => this.hold(request, budgets, known));
    return this.hold(request, budgets, spent);
  }

  private hold({ asker }: ArrivingRequest, budgets: readonly Budget[], spent: readonly Spent[] | undefined): undefined {
    // Nothing is known: a budget must not take the service down with the database.
    if (!spent) return;
    const now = new Date().toISOString();
    const states = budgets.map((budget) => budgetStateOf(budget, spent, now));
    for (const state of states) if (state.isAlerting || state.isUsedUp) this.alerts.tell(asker.project, state);
    const usedUp = states.filter(({ isUsedUp }) => isUsedUp);
    if (usedUp.length > 0) throw refusal(usedUp, now);
  }
}

/** When several are used up, the one that begins anew last is what must be waited for. */
function refusal(usedUp: readonly BudgetState[], now: string): ApiError {
  const last = usedUp.reduce((one, other) => (other.periodEnd > one.periodEnd ? other : one));
  const { budget, periodEnd } = last;
  const seconds = Math.max(1, Math.ceil((Date.parse(periodEnd) - Date.parse(now)) / 1_000));
  metrics.requestsRefused.with('budget').add();
  const [whose, advice] =
    budget.keyId === null ? ['the project', 'raise it'] : ['this API key', 'raise it or ask with another key'];
  const message =
    `The budget "${budget.name}" of ${whose} is used up: ${budget.limitUsd} USD a ${budget.period}. ` +
    `It begins anew at ${periodEnd}; until then, ${advice}.`;
  // OpenAI's clients would come again within seconds, since hours are more than they wait.
  const headers = { 'retry-after': String(seconds), 'x-should-retry': 'false' };
  return new ApiError('budget_exceeded', message, { headers });
}
