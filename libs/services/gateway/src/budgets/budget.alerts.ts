import { hash } from 'node:crypto';
import { budgetReached, budgetReachedBodyOf, type AggregateAddress, type DataOf } from '@headrace/contracts';
import type { BudgetState } from '@headrace/domain';
import { EVENT_LOG, RevisionConflict, type EventLog } from '@headrace/event-log';
import type { ProjectConfiguration, WebhookEndpoint } from '@headrace/project-store';
import { metrics } from '@headrace/telemetry';
import { Inject, Injectable, Logger } from '@nestjs/common';

type Reached = DataOf<typeof budgetReached>;

const type = 'headrace.budget.reached';
/** What is remembered to have been told; the log knows the rest. */
const mostTold = 10_000;

/**
 * Tells once, over all gateways, that a budget has reached its alert or its limit in a period: an event, and an
 * operational webhook to the endpoints that name it. Their ids follow from what they tell, so whoever tells it again
 * finds it in the log.
 */
@Injectable()
export class BudgetAlerts {
  private readonly logger = new Logger('Budgets');
  private readonly told = new Set<string>();

  constructor(@Inject(EVENT_LOG) private readonly log: EventLog) {}

  /** Nobody waits for it; what fails is told with a later request. */
  tell(project: ProjectConfiguration, state: BudgetState): void {
    const { alertUsd, limitUsd } = state.budget;
    if (state.isAlerting && alertUsd !== null) this.tellOnce(project, state, 'alert', alertUsd);
    if (state.isUsedUp && limitUsd !== null) this.tellOnce(project, state, 'limit', limitUsd);
  }

  private tellOnce(
    project: ProjectConfiguration,
    { budget, periodStart, spentUsd }: BudgetState,
    threshold: Reached['threshold'],
    thresholdUsd: number,
  ): void {
    const { name, period, keyId } = budget;
    // A changed amount is news of its own.
    const channel = idOf(project.id, name, period, periodStart, threshold, String(thresholdUsd));
    if (this.told.has(channel)) return;
    if (this.told.size >= mostTold) this.told.clear();
    this.told.add(channel);
    const reachedAt = new Date().toISOString();
    const reached: Reached = {
      budget: name,
      period,
      periodStart,
      keyId,
      threshold,
      thresholdUsd,
      spentUsd,
      reachedAt,
    };
    this.append(project, channel, reached).catch((error: unknown) => {
      this.told.delete(channel);
      this.logger.warn(`A budget's alert could not be told yet: ${String(error)}`);
    });
  }

  private async append(project: ProjectConfiguration, channel: string, reached: Reached): Promise<void> {
    const address = { project: project.id, channel, aggregate: budgetReached.aggregate };
    const isNews = await this.appendOnce(address, { type: budgetReached.type, data: reached });
    // Also when it is none: whoever told it first may have died before the webhooks.
    const owners = project.endpoints.filter(({ active, events }) => active && events?.includes(type));
    await Promise.all(owners.map((owner) => this.plan(address, owner, reached)));
    if (!isNews) return;
    metrics.budgetsReached.with(reached.threshold).add();
    const { budget, threshold, thresholdUsd, spentUsd } = reached;
    this.logger.warn({ msg: 'A budget is reached', project: project.id, budget, threshold, thresholdUsd, spentUsd });
  }

  private async plan(address: AggregateAddress, { id, url }: WebhookEndpoint, reached: Reached): Promise<void> {
    const deliveryId = `dlv_${digest(address.channel, id)}`;
    const planned = {
      deliveryId,
      endpointId: id,
      url,
      webhookType: type,
      messageId: `msg_${digest(address.channel)}`,
      body: JSON.stringify(budgetReachedBodyOf(reached)),
      callbackUrl: null,
      environment: 'live',
      plannedAt: reached.reachedAt,
    };
    await this.appendOnce(
      { ...address, aggregate: 'delivery', key: deliveryId },
      { type: 'delivery.planned', data: planned },
    );
  }

  /** Whether it was not there yet. */
  private async appendOnce(address: AggregateAddress, event: { type: string; data: unknown }): Promise<boolean> {
    try {
      await this.log.append(address, event, { expectedRevision: 0 });
      return true;
    } catch (error) {
      if (!(error instanceof RevisionConflict)) throw error;
      return false;
    }
  }
}

const digest = (...parts: readonly string[]): string =>
  hash('sha256', JSON.stringify([type, ...parts]), 'base64url').slice(0, 22);

/** A channel id, which is a UUID, that follows from its parts (version 8, RFC 9562). */
function idOf(...parts: readonly string[]): string {
  const hex = hash('sha256', JSON.stringify([type, ...parts]), 'hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
