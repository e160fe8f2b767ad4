import { aiRunnerConsumer, generationResumeTimer, timersStream, waitingStream } from '@headrace/contracts';
import {
  EVENT_LOG,
  LOG_INSPECTION,
  TIMERS,
  type EventLog,
  type LogInspection,
  type Recorded,
  type Timers,
} from '@headrace/event-log';
import { Inject, Injectable } from '@nestjs/common';
import { forEach } from '../pages.js';
import { ReconcilerSettings } from '../reconciler.config.js';
import { generationTimerOf, isAsked, type Asked } from './asked.js';

/**
 * Has generations go on whose place in a line, or whose pause, was lost with the stream that held it. Whoever waits is
 * in one of the two: he leaves neither before he is in the other, or at work.
 */
@Injectable()
export class LostTurns {
  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(LOG_INSPECTION) private readonly inspection: LogInspection,
    @Inject(TIMERS) private readonly timers: Timers,
    private readonly settings: ReconcilerSettings,
  ) {}

  /** Sees to requests whose last events these are; resolves to how many had lost their turn. */
  async restore(last: readonly Recorded[], signal: AbortSignal): Promise<number> {
    const mayHaveWaited = await this.mayHaveWaited(last.filter(isAsked));
    const withoutTimer = await this.withoutTimer(await this.notInLine(mayHaveWaited), signal);
    let restored = 0;
    await forEach(
      // Looked at once more: who went from a timer into a line in between was found in neither.
      await this.notInLine(withoutTimer),
      async (event) => {
        if ((await this.log.last(event.address))?.sequence !== event.sequence) return;
        const data = { revision: event.sequence };
        await this.timers.schedule(generationResumeTimer, generationTimerOf(event), new Date(), data, event);
        restored += 1;
      },
      signal,
    );
    return restored;
  }

  /** Those whose turn a stream held that is younger than they are. While no stream was lost there are none. */
  private async mayHaveWaited(asked: readonly Asked[]): Promise<readonly Asked[]> {
    if (asked.length === 0) return asked;
    const made = await Promise.all([waitingStream, timersStream].map((stream) => this.inspection.madeAt(stream)));
    const before = Math.min(Math.max(...made.map(Number)), Date.now() - this.settings.marginMs);
    const older = asked.filter(({ time }) => Date.parse(time) < before);
    if (older.length === 0) return older;
    // Until then the runner has it in its hands.
    const settled = await this.inspection.settledUpTo(aiRunnerConsumer);
    return older.filter(({ sequence }) => sequence <= settled);
  }

  private async notInLine(asked: readonly Asked[]): Promise<readonly Asked[]> {
    const waiting = new Set<string>();
    for (const project of new Set(asked.map(({ address }) => address.project))) {
      for (const { channel, revision } of await this.inspection.waiting(project)) {
        waiting.add(`${project} ${channel} ${revision}`);
      }
    }
    return asked.filter(({ address, sequence }) => !waiting.has(`${address.project} ${address.channel} ${sequence}`));
  }

  /** Those for whom no timer waits or is being handled. */
  private async withoutTimer(asked: readonly Asked[], signal: AbortSignal): Promise<readonly Asked[]> {
    const found: Asked[] = [];
    await forEach(
      asked,
      async (event) => {
        if (!(await this.inspection.hasTimer(generationResumeTimer, generationTimerOf(event)))) found.push(event);
      },
      signal,
    );
    return found;
  }
}
