import { timelineConsumer } from '@headrace/contracts';
import { HandlesBatch, type Recorded } from '@headrace/event-log';
import { ReadModel, RowsRefused } from '@headrace/read-model';
import { metrics } from '@headrace/telemetry';
import { Injectable, Logger } from '@nestjs/common';
import { rowsOfEvents } from './rows-of-events.js';

/**
 * Writes every event into the read model. A batch is acknowledged after its commit and may come again: writing is
 * repeatable. While the database is away each batch fails and is delivered again, so the timeline catches up.
 */
@Injectable()
export class ProjectOnAnyEventHandler {
  private readonly log = new Logger('TimelineProjector');

  constructor(private readonly readModel: ReadModel) {}

  @HandlesBatch(timelineConsumer)
  async project(events: readonly Recorded[]): Promise<void> {
    try {
      await this.readModel.write(rowsOfEvents(events));
    } catch (error) {
      if (!(error instanceof RowsRefused)) throw error;
      await this.projectApart(events, error);
    } finally {
      // Also of a batch that could not be written: it comes again, and grows older.
      if (events[0]) metrics.projectionLag.with().set((Date.now() - Date.parse(events[0].time)) / 1_000);
    }
  }

  /** Some value can never be stored: finds its event by halves, so that it does not hold up the others for ever. */
  private async projectApart(events: readonly Recorded[], reason: RowsRefused): Promise<void> {
    const [event] = events;
    if (events.length > 1) {
      const middle = Math.ceil(events.length / 2);
      await this.project(events.slice(0, middle));
      await this.project(events.slice(middle));
    } else if (event) {
      this.log.error(
        { sequence: event.sequence, type: event.type, channel: event.address.channel },
        `An event is left out of the read model, it stays in the log: ${reason.message}`,
      );
    }
  }
}
