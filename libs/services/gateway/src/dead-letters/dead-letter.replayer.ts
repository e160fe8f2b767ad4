import { randomBytes } from 'node:crypto';
import type { DataOf, deliveryPlanned } from '@headrace/contracts';
import { planReplay } from '@headrace/domain';
import { EVENT_LOG, type EventLog } from '@headrace/event-log';
import { ApiError } from '@headrace/http';
import { ProjectStore } from '@headrace/project-store';
import { Inject, Injectable } from '@nestjs/common';
import type { DeadLetter } from './dead-letter.finder.js';

/** As long as the ids that follow from what they name; this one must not, since each replay is a delivery of its own. */
const newDeliveryId = (): string => `dlv_${randomBytes(16).toString('base64url')}`;

/** Plans dead letters once more; the dispatcher attempts what is planned like any other delivery. */
@Injectable()
export class DeadLetterReplayer {
  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    private readonly projects: ProjectStore,
  ) {}

  /**
   * Appends a new delivery to the channel of the letter, in the trace of its request. Asked twice, two are made:
   * both carry the message id by which receivers tell repetitions. Errors: `replay_not_possible`,
   * `service_unavailable` when it is not known to be durable.
   */
  async replay({ row, kept }: DeadLetter): Promise<DataOf<typeof deliveryPlanned>> {
    const { project: projectId, channel } = row;
    const project = await this.projects.project(projectId);
    const key = newDeliveryId();
    const plan = planReplay(kept.planned, project?.endpoints ?? [], {
      deliveryId: key,
      now: new Date(),
      toEndpointId: null,
    });
    if (plan.refusal) throw new ApiError('replay_not_possible', plan.refusal.message);
    await this.log.append(
      { project: projectId, channel, aggregate: 'delivery', key },
      { type: 'delivery.planned', data: plan.planned },
      { expectedRevision: 0, cause: kept.cause },
    );
    return plan.planned;
  }
}
