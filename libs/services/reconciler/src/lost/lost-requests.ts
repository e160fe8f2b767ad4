import { eventsStream } from '@headrace/contracts';
import { restoredRequest } from '@headrace/domain';
import { EVENT_LOG, type EventLog, type Recorded } from '@headrace/event-log';
import { OpenWork, ReadModel, type RequestRow } from '@headrace/read-model';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { appendIfAbsent } from './append-if-absent.js';
import { lastDecision } from './kept-events.js';
import { LostDeliveries, type Restoration } from './lost-deliveries.js';

/** Puts requests back into a log that lost them. */
@Injectable()
export class LostRequests {
  private readonly logger = new Logger('reconciler');

  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    private readonly readModel: ReadModel,
    private readonly openWork: OpenWork,
    private readonly deliveries: LostDeliveries,
  ) {}

  /** The request's last event in the log; undefined when the log lost it. */
  find({ project, channel }: RequestRow): Promise<Recorded | undefined> {
    return this.log.last({ project, channel, aggregate: 'request' });
  }

  /**
   * Puts a request's last decision back, which alone tells the whole state: handlers go on from it. Deliveries first,
   * so that what follows from the decision finds what was planned and sent already.
   */
  async restore(row: RequestRow): Promise<Restoration> {
    if (await this.find(row)) return 'present';
    const { project, channel } = row;
    const events = await this.readModel.timeline(project, channel);
    const last = lastDecision(events);
    const goOnAfter = new Date(Date.now() - eventsStream.maxAgeMs).toISOString();
    const event = restoredRequest({ row, last }, goOnAfter, new Date().toISOString());
    await this.deliveries.restoreChannel(project, channel, events);
    await this.openWork.release(project, channel);
    const at = await appendIfAbsent(this.log, { project, channel, aggregate: 'request' }, event);
    if (at === undefined) return 'present';
    if (event === last) {
      await this.openWork.moveEvent(project, channel, last.sequence, at);
      return 'restored';
    }
    this.logger.error({ msg: 'A request was lost with the log', project, channel, accepted_at: row.acceptedAt });
    return 'ended';
  }
}
