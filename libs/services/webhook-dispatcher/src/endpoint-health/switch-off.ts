import {
  endpointDisabled,
  type AggregateAddress,
  type DataOf,
  type DeliveryAttempt,
  type deliveryPlanned,
} from '@headrace/contracts';
import { EVENT_LOG, RevisionConflict, type EventLog, type RecordedOf } from '@headrace/event-log';
import { Inject, Injectable } from '@nestjs/common';

/** Why an endpoint is to be off. */
export interface SwitchOffGrounds {
  readonly planned: RecordedOf<typeof deliveryPlanned>;
  readonly attempt: DeliveryAttempt;
  /** For people. */
  readonly reason: string;
  readonly failingSince: string | null;
}

/** How long a process may go on with an endpoint that another one has just switched off. */
const settlingMs = 5_000;

/**
 * Decides that an endpoint is switched off. The decision is an event of the endpoint; a handler carries it out and
 * tells the owner, so that a kill between these steps loses none of them.
 */
@Injectable()
export class SwitchOff {
  constructor(@Inject(EVENT_LOG) private readonly log: EventLog) {}

  /**
   * Several attempts may say the same at once, in several processes: one of them is the reason. The others began
   * before the endpoint was off, or so shortly after that their process did not know.
   */
  async decide({ planned, attempt, reason, failingSince }: SwitchOffGrounds): Promise<void> {
    const { endpointId, url } = planned.data;
    const address = endpointAddress(planned.address.project, endpointId);
    const last = await this.log.last(address);
    const before = last?.data as DataOf<typeof endpointDisabled> | undefined;
    if (before && Date.parse(before.disabledAt) > Date.parse(attempt.startedAt) - settlingMs) return;
    const disabledAt = new Date().toISOString();
    const data = { endpointId, url, reason, failingSince, lastAttempt: withoutAnswer(attempt), disabledAt };
    try {
      const expectedRevision = last?.sequence ?? 0;
      await this.log.append(address, { type: endpointDisabled.type, data }, { expectedRevision, cause: planned });
    } catch (error) {
      if (!(error instanceof RevisionConflict)) throw error;
    }
  }
}

/** Where the events of an endpoint are. */
const endpointAddress = (project: string, endpointId: string): AggregateAddress => ({
  project,
  channel: endpointId,
  aggregate: endpointDisabled.aggregate,
});

/** What the endpoint answered is kept with the delivery; the notice needs no copy. */
const withoutAnswer = (attempt: DeliveryAttempt): DeliveryAttempt => ({ ...attempt, responseBody: null });
