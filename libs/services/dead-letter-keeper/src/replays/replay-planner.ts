import type { AggregateAddress } from '@headrace/contracts';
import { alreadySent, planReplay } from '@headrace/domain';
import {
  DELIVERY_DEAD_LETTER_READER,
  EVENT_LOG,
  findKeptDelivery,
  PermanentFailure,
  RevisionConflict,
  type DeliveryDeadLetterReader,
  type EventLog,
} from '@headrace/event-log';
import { ProjectStore, type ProjectConfiguration } from '@headrace/project-store';
import {
  ReplayWork,
  type LaterDeliveryRow,
  type LetterOutcome,
  type ReplayLetter,
  type ReplayPage,
  type ReplayRow,
} from '@headrace/read-model';
import { Inject, Injectable } from '@nestjs/common';
import { replayDeliveryId } from './replay-delivery-id.js';

const planned = 'planned';

/** Makes deliveries of the dead letters of a replay, or finds why none is made. Repeating it makes none twice. */
@Injectable()
export class ReplayPlanner {
  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(DELIVERY_DEAD_LETTER_READER) private readonly kept: DeliveryDeadLetterReader,
    private readonly projects: ProjectStore,
    private readonly work: ReplayWork,
  ) {}

  /** What was made of each letter of a page; undefined when the project is gone. Throws when that is not known. */
  async handle({ replay, letters }: ReplayPage): Promise<LetterOutcome[] | undefined> {
    const project = await this.projects.project(replay.project);
    if (!project) return undefined;
    const ids = letters.map(({ letterId }) => letterId);
    const later = replay.includeReplayed ? [] : await this.work.laterDeliveries(replay.id, ids);
    const outcomes = await Promise.allSettled(letters.map((letter) => this.handleOne(replay, project, letter, later)));
    // Only when none is under way any more: whoever gets the page next must not race with this one.
    return outcomes.map((outcome) => {
      if (outcome.status === 'rejected') throw outcome.reason;
      return outcome.value;
    });
  }

  private async handleOne(
    replay: ReplayRow,
    project: ProjectConfiguration,
    letter: ReplayLetter,
    later: readonly LaterDeliveryRow[],
  ): Promise<LetterOutcome> {
    const { position, letterId, channel } = letter;
    const deliveryId = replayDeliveryId(replay.id, letterId);
    const address = { project: replay.project, channel, aggregate: 'delivery', key: deliveryId };
    // What this very replay made of it before a kill is no reason to skip it.
    const others = later.filter((made) => made.letterId === letterId && made.deliveryId !== deliveryId);
    const reason =
      replay.status === 'cancelled'
        ? 'cancelled'
        : (alreadySent(others, replay.toEndpointId ?? letter.endpointId) ??
          (await this.append(replay, project, letter, address)));
    // Planned before a kill, and since then the endpoint was removed, for example: it was planned all the same.
    const isPlanned = reason === undefined || (await this.log.last(address)) !== undefined;
    return isPlanned
      ? { position, deliveryId, outcome: planned }
      : { position, deliveryId: null, outcome: reason ?? planned };
  }

  /** Appends the delivery, if it is not there yet; resolves to the reason when none can be made. */
  private async append(
    replay: ReplayRow,
    project: ProjectConfiguration,
    { letterId, channel, endpointId }: ReplayLetter,
    address: AggregateAddress & { readonly key: string },
  ): Promise<string | undefined> {
    try {
      const letter = { project: replay.project, channel, endpointId, deliveryId: letterId };
      const kept = await findKeptDelivery(this.kept, this.log, letter);
      if (!kept) return 'expired';
      const making = { deliveryId: address.key, now: new Date(), toEndpointId: replay.toEndpointId };
      const plan = planReplay(kept.planned, project.endpoints, making);
      if (plan.refusal) return plan.refusal.reason;
      const { cause } = kept;
      await this.log.append(address, { type: 'delivery.planned', data: plan.planned }, { expectedRevision: 0, cause });
      return undefined;
    } catch (error) {
      if (error instanceof RevisionConflict) return undefined;
      // What is kept cannot be read, or no longer fits: that holds for this letter only.
      if (error instanceof PermanentFailure) return 'unreadable';
      throw error;
    }
  }
}
