import { EventLogUnavailable } from '@headrace/event-log';
import { isDatabaseUnavailable } from '@headrace/postgres';
import { ReplayWork, type ReplayPage } from '@headrace/read-model';
import { Injectable, Logger } from '@nestjs/common';
import { ReplayPlanner } from './replay-planner.js';

/** How long a process may take over a page before another one has it. */
const leaseMs = 5_000;
/** How often to look for work when there is none. */
const idleMs = 500;
/** Pause after a failure. */
const retryMs = 1_000;
/** Failures in a row, outages aside, after which a replay is given up. */
const mostMishaps = 10;
/** Open deliveries looked at in one go. */
const settleLimit = 1_000;

/**
 * Works off replays, page by page. Each page is leased, so any number of processes can run this; which of them has
 * the next page does not matter, and nothing of a replay is in memory.
 */
@Injectable()
export class ReplayRunner {
  private readonly logger = new Logger('replays');

  constructor(
    private readonly work: ReplayWork,
    private readonly planner: ReplayPlanner,
  ) {}

  /** Handles the page that is due; resolves to the milliseconds until the next may be. */
  async step(): Promise<number> {
    const page = await this.work.claim(leaseMs);
    if (!page) return Math.min(idleMs, Math.max(1, (await this.work.untilDue()) ?? idleMs));
    try {
      await this.handle(page);
    } catch (error) {
      await this.giveBack(page, error);
    }
    return 0;
  }

  /** Counts deliveries of replays that have ended; resolves to the milliseconds until the next look. */
  async settle(): Promise<number> {
    return (await this.work.settle(settleLimit)) ? 0 : idleMs / 2;
  }

  private async handle(page: ReplayPage): Promise<void> {
    const outcomes = await this.planner.handle(page);
    if (!outcomes) await this.work.fail(page, 'The project was removed.');
    // False: another process has taken the page over, and records the same.
    else await this.work.record(page, outcomes);
  }

  /** An outage passes; what fails for another reason again and again ends the replay visibly. */
  private async giveBack(page: ReplayPage, error: unknown): Promise<void> {
    const isOutage = error instanceof EventLogUnavailable || isDatabaseUnavailable(error);
    const reason = error instanceof Error ? error.message : String(error);
    this.logger[isOutage ? 'warn' : 'error']({ msg: 'a page of a replay failed', replay_id: page.replay.id, reason });
    const mishaps = await this.work.giveBack(page, retryMs, !isOutage);
    if (mishaps >= mostMishaps) {
      await this.work.fail(page, `Its letters could not be planned; the server's log says why.`);
    }
  }
}
