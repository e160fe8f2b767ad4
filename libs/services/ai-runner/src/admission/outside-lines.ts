import type { TakenRequest, WaitingLine, WaitingLines, WaitingRequest } from '@headrace/event-log';
import type { Claim } from './claim.js';
import { rankOf } from './waiting-room.js';

interface KnownLine {
  readonly line: WaitingLine;
  /** How many wait that nobody has taken, as far as is known. */
  waiting: number;
  /** How many this process took and is not done with. */
  taken: number;
  isTaking: boolean;
  /** What the last one who was taken asked for. */
  claim?: Claim;
}

/**
 * What a process knows of the lines outside of it. Only a hint: others join and take as well, so it is looked at again
 * regularly, and what is really there is known by taking it.
 */
export class OutsideLines {
  private readonly known = new Map<string, KnownLine>();

  constructor(private readonly lines: WaitingLines) {}

  /** Whether nobody waits there, as far as this process knows. */
  get isEmpty(): boolean {
    return this.known.size === 0;
  }

  /** How many wait in NATS, as far as this process knows. */
  get waiting(): number {
    return [...this.known.values()].reduce((sum, { waiting }) => sum + waiting, 0);
  }

  /** Whether somebody waits in the line of a claim who has to have a place before it. */
  isAhead(claim: Claim): boolean {
    return this.has(claim, rankOf(claim.priority));
  }

  /** Whether somebody more urgent waits in the line of a claim. */
  hasMoreUrgent(claim: Claim): boolean {
    return this.has(claim, rankOf(claim.priority) - 1);
  }

  /** Puts a request at the end of its line; durable once it resolves. */
  async join({ project, line, priority }: Claim, request: WaitingRequest): Promise<void> {
    const waitingLine = { project, name: line, priority };
    await this.lines.join(waitingLine, request);
    this.of(waitingLine).waiting += 1;
  }

  /** Asks which lines there are. */
  async look(): Promise<void> {
    const found = await this.lines.list();
    for (const known of this.known.values()) known.waiting = 0;
    for (const { line, length } of found) {
      const known = this.of(line);
      known.waiting = Math.max(0, length - known.taken);
    }
    for (const [name, { waiting, taken, isTaking }] of this.known) {
      if (waiting === 0 && taken === 0 && !isTaking) this.known.delete(name);
    }
  }

  /**
   * Takes as many out of each line as `wanted` says, and hands each to `onTaken`, which settles it in the end and tells what it
   * asks for. A line that is being taken from is left alone.
   */
  async take(
    wanted: (line: WaitingLine, claim: Claim | undefined) => number,
    onTaken: (line: WaitingLine, taken: TakenRequest) => Promise<Claim | undefined>,
  ): Promise<void> {
    const taking = [...this.known.values()].map(async (known) => {
      if (known.waiting === 0 || known.isTaking) return;
      const atMost = wanted(known.line, known.claim);
      if (atMost === 0) return;
      known.isTaking = true;
      try {
        const taken = await this.lines.take(known.line, atMost);
        known.waiting = taken.length < atMost ? 0 : Math.max(0, known.waiting - taken.length);
        known.taken += taken.length;
        const claims = await Promise.all(taken.map((each) => onTaken(known.line, this.counted(known, each))));
        known.claim = claims.findLast((claim) => claim !== undefined) ?? known.claim;
      } finally {
        known.isTaking = false;
      }
    });
    await Promise.all(taking);
  }

  private counted(known: KnownLine, taken: TakenRequest): TakenRequest {
    return {
      ...taken,
      done: () => {
        known.taken -= 1;
        taken.done();
      },
      giveBack: (delayMs) => {
        known.taken -= 1;
        taken.giveBack(delayMs);
      },
    };
  }

  private has({ project, line }: Claim, atMost: number): boolean {
    if (this.known.size === 0) return false;
    for (const { line: known, waiting, isTaking } of this.known.values()) {
      if (known.project !== project || known.name !== line || rankOf(known.priority) > atMost) continue;
      // Who is on the way from there to here is in neither place.
      if (waiting > 0 || isTaking) return true;
    }
    return false;
  }

  private of(line: WaitingLine): KnownLine {
    const name = `${line.project} ${line.name} ${line.priority}`;
    const known = this.known.get(name) ?? { line, waiting: 0, taken: 0, isTaking: false };
    this.known.set(name, known);
    return known;
  }
}
