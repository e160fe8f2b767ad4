import { Injectable } from '@nestjs/common';

/** What many clients have in common: an address, the channel of their tokens, or a project. */
export type ShareKind = 'address' | 'token' | 'project';

/** What many clients have in common, and how much of a process may go to them. */
export interface Share {
  /** Tells shares apart; the same text for all clients of one. */
  readonly key: string;
  readonly what: ShareKind;
  /** Open sockets; 0: any number. */
  readonly mostSockets: number;
  /** Joins that are asked for within a minute; 0: any number. */
  readonly mostJoins: number;
}

const minuteMs = 60_000;

/** Milliseconds until joins are counted anew. */
export const untilJoinsBeginAnew = (now: number): number => minuteMs - (now % minuteMs);

/** Counts what goes to each share in this process: sockets, and clients that follow over HTTP, alike. */
@Injectable()
export class SharesInUse {
  private readonly sockets = new Map<string, number>();
  private readonly joins = new Map<string, number>();
  private minute = 0;

  /** The share that may have no other socket; undefined if all may. */
  fullForSocket(shares: readonly Share[]): Share | undefined {
    return shares.find(({ key, mostSockets }) => mostSockets > 0 && this.countOf(key) >= mostSockets);
  }

  opened(shares: readonly Share[]): void {
    for (const { key, mostSockets } of shares) if (mostSockets > 0) this.sockets.set(key, this.countOf(key) + 1);
  }

  closed(shares: readonly Share[]): void {
    for (const { key } of shares) {
      const left = this.countOf(key) - 1;
      if (left > 0) this.sockets.set(key, left);
      else this.sockets.delete(key);
    }
  }

  /** Counts a join, unless one of its shares may have no other: then that one. Who asks too often uses up no more. */
  fullForJoin(shares: readonly Share[], now: number): Share | undefined {
    if (shares.length === 0) return undefined;
    const minute = Math.floor(now / minuteMs);
    if (minute !== this.minute) this.joins.clear();
    this.minute = minute;
    const asked = (key: string): number => this.joins.get(key) ?? 0;
    const full = shares.find(({ key, mostJoins }) => mostJoins > 0 && asked(key) >= mostJoins);
    if (full) return full;
    for (const { key, mostJoins } of shares) if (mostJoins > 0) this.joins.set(key, asked(key) + 1);
    return undefined;
  }

  private countOf(key: string): number {
    return this.sockets.get(key) ?? 0;
  }
}
