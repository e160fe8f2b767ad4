import { deadLettersStream } from '@headrace/contracts';
import type { LogBeginning, Recorded } from '@headrace/event-log';
import { OpenWork, type DeadLetterRow, type DeliveryRow, type RequestRow } from '@headrace/read-model';
import { Injectable } from '@nestjs/common';
import { LostDeadLetters } from './lost/lost-dead-letters.js';
import { LostDeliveries, type Restoration } from './lost/lost-deliveries.js';
import { LostReminders } from './lost/lost-reminders.js';
import { LostRequests } from './lost/lost-requests.js';
import { LostTimers } from './lost/lost-timers.js';
import { LostTurns } from './lost/lost-turns.js';
import { forEach, forEachPage } from './pages.js';
import { ReconcilerSettings } from './reconciler.config.js';

/** How much one regular pass looks at, so that it is never felt. */
const regularLimit = 1_000;
const pageSize = 200;
/** All that ended this long before a loss is put back, whatever followed: a webhook or a push may have been missing. */
const recentMs = 60_000;

/** What a pass did, by kind; a log that lost nothing leaves all of it at 0. */
export interface Reconciled {
  requestsRestored: number;
  requestsFailed: number;
  deliveriesRestored: number;
  deliveriesFailed: number;
  timersSet: number;
  deadLettersRestored: number;
}

/** Compares what the read model knows to be unfinished with the log, and puts back what the log no longer has. */
@Injectable()
export class Reconciliation {
  /** Where the last regular pass ended; the next one goes on from there. */
  private requestPosition: RequestRow | undefined;
  private deliveryPosition: DeliveryRow | undefined;

  constructor(
    private readonly openWork: OpenWork,
    private readonly requests: LostRequests,
    private readonly deliveries: LostDeliveries,
    private readonly timers: LostTimers,
    private readonly turns: LostTurns,
    private readonly reminders: LostReminders,
    private readonly deadLetters: LostDeadLetters,
    private readonly settings: ReconcilerSettings,
  ) {}

  /** Everything that was projected from a log before this one. Costs next to nothing when no log was lost. */
  async lostLog({ sequence: before }: LogBeginning, done: Reconciled, signal: AbortSignal): Promise<void> {
    await forEachPage(
      (after?: RequestRow) => this.openWork.requests({ before, after, limit: pageSize }),
      async (row) => countRequest(done, await this.requests.restore(row)),
      signal,
    );
    await forEachPage(
      (after?: DeliveryRow) => this.openWork.deliveries({ before, after, limit: pageSize }),
      async (row) => countDelivery(done, await this.deliveries.restore(row)),
      signal,
    );
  }

  /** What ended in a log before this one, and may not have been followed by all that had to. Reads whole tables. */
  async endedInLostLog({ sequence: before }: LogBeginning, done: Reconciled, signal: AbortSignal): Promise<void> {
    const window = { before, allMs: recentMs, unplannedMs: this.settings.lookBackMs };
    await forEachPage(
      (after?: RequestRow) => this.openWork.ended({ ...window, after, limit: pageSize }),
      async (row) => countRequest(done, await this.requests.restore(row)),
      signal,
    );
    const since = new Date(Date.now() - deadLettersStream.maxAgeMs);
    await forEachPage(
      (after?: DeadLetterRow) => this.openWork.deadLetters(before, since, pageSize, after),
      async (row) => void (done.deadLettersRestored += (await this.deadLetters.restore(row)) ? 1 : 0),
      signal,
    );
  }

  /** A part of what is open: lost by a log that was cut short, or waiting for a timer that was lost. */
  async openRequests(done: Reconciled, signal: AbortSignal): Promise<void> {
    const waitingSince = new Date(Date.now() - this.settings.marginMs);
    const query = { waitingSince, after: this.requestPosition, limit: regularLimit };
    const rows = await this.openWork.requests(query);
    this.requestPosition = rows.length < regularLimit ? undefined : rows.at(-1);
    const others: Recorded[] = [];
    await forEach(
      rows,
      async (row) => {
        const last = await this.requests.find(row);
        if (last && (await this.reminders.restore(last))) done.timersSet += 1;
        if (!last) countRequest(done, await this.requests.restore(row));
        else if (await this.timers.restoreDeadline(last)) done.timersSet += 1;
        else if (await this.timers.restoreGeneration(last)) done.timersSet += 1;
        else others.push(last);
      },
      signal,
    );
    done.timersSet += await this.turns.restore(others, signal);
  }

  /** Deliveries that should have been attempted by now; with all timers in place there are none. */
  async overdueDeliveries(done: Reconciled, signal: AbortSignal): Promise<void> {
    const waitingSince = new Date(Date.now() - this.settings.marginMs);
    const query = { waitingSince, after: this.deliveryPosition, limit: regularLimit };
    const rows = await this.openWork.deliveries(query);
    this.deliveryPosition = rows.length < regularLimit ? undefined : rows.at(-1);
    await forEach(
      rows,
      async (row) => {
        const restored = await this.deliveries.restore(row);
        if (restored !== 'present') countDelivery(done, restored);
        else if (await this.timers.restoreAttempt(row)) done.timersSet += 1;
      },
      signal,
    );
  }
}

function countRequest(done: Reconciled, outcome: Restoration): void {
  if (outcome === 'restored') done.requestsRestored += 1;
  else if (outcome === 'ended') done.requestsFailed += 1;
}

function countDelivery(done: Reconciled, outcome: Restoration): void {
  if (outcome === 'restored') done.deliveriesRestored += 1;
  else if (outcome === 'ended') done.deliveriesFailed += 1;
}
