import { requestAccepted, requestContinued, type DataOf } from '@headrace/contracts';
import type { EventLog, Recorded, TakenRequest } from '@headrace/event-log';
import { Logger } from '@nestjs/common';
import type { Place, Turn } from '../admission.port.js';
import { isBehind } from '../behind-log.js';
import type { Claimant } from './claim.js';

/** Waits before a request whose turn failed is taken again, after the 1st, 2nd, … time; the last one repeats. */
const backoffMs = [250, 1_000, 5_000, 15_000, 60_000] as const;
/** As often as any message is delivered before it is given up. */
const mostTurns = 20;
/** Generations in flight have so long to end when the process stops. */
const graceMs = 10_000;

/** What a request asks for that may stand in a line. */
type Asking = DataOf<typeof requestAccepted> | DataOf<typeof requestContinued>;

/** Gives requests that were taken out of lines their turn, and settles them by how it went. */
export class Turns {
  /** Who generates; undefined until it is known. */
  generate: ((turn: Turn) => Promise<void>) | undefined;
  private readonly logger = new Logger('ai-runner');
  private readonly running = new Set<Promise<void>>();
  private readonly ending = new AbortController();

  constructor(private readonly log: EventLog) {}

  /** Who was taken out of a line, read from the log; undefined when it needs no turn, which is settled then. */
  async claimantOf(project: string, taken: TakenRequest): Promise<(Claimant & Asking) | undefined> {
    try {
      const last = await this.log.last({ project, channel: taken.channel, aggregate: 'request' });
      if (last?.sequence === taken.revision && isAsking(last)) return { ...last.data, project };
      if (isBehind(last, taken.revision, taken.count)) taken.giveBack(delayAfter(taken.count));
      // It was cancelled, or somebody else saw to it.
      else taken.done();
    } catch (error) {
      this.logger.warn({ msg: 'A waiting request could not be read', channel: taken.channel, reason: String(error) });
      taken.giveBack(delayAfter(taken.count));
    }
    return undefined;
  }

  /** Has somebody generate; resolves when that is over, well or not. */
  give(project: string, taken: TakenRequest, place: Place): Promise<void> {
    const turn = this.run(project, taken, place).finally(() => this.running.delete(turn));
    this.running.add(turn);
    return turn;
  }

  /** Waits for those that run, for a while; then they are cut short. */
  async stop(): Promise<void> {
    const cut = setTimeout(() => this.ending.abort(new Error('The process stops.')), graceMs);
    await Promise.all(this.running);
    clearTimeout(cut);
  }

  private async run(project: string, taken: TakenRequest, place: Place): Promise<void> {
    const { channel, revision, count } = taken;
    const delivery = { count, isLast: count >= mostTurns, signal: this.ending.signal };
    try {
      await this.generate?.({ project, channel, revision, place, delivery });
      taken.done();
    } catch (error) {
      const retryInMs = this.ending.signal.aborted ? 0 : delayAfter(count);
      this.logger.warn({ msg: 'A turn failed; the request waits again', channel, retryInMs, reason: String(error) });
      taken.giveBack(retryInMs);
    } finally {
      place.release();
    }
  }
}

const isAsking = (event: Recorded): event is Recorded<{ type: string; data: Asking }> =>
  event.type === requestAccepted.type || event.type === requestContinued.type;

const delayAfter = (count: number): number => backoffMs[Math.min(count, backoffMs.length) - 1] ?? 0;
