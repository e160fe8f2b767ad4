/** What many sockets have in common, an address or a project, and how much of the server may go to them. */
export interface Share {
  /** Tells shares apart; the same text for all sockets of one. */
  readonly key: string;
  /** For people: `address`. */
  readonly what: string;
  /** Open sockets; 0: any number. */
  readonly mostSockets: number;
  /** Joins that are asked for within a minute; 0: any number. */
  readonly mostJoins: number;
}

const minuteMs = 60_000;

/** Counts what goes to each share in this process. */
export class SharesInUse {
  private readonly sockets = new Map<string, number>();
  private readonly joins = new Map<string, number>();
  private minute = 0;

  /** Why another socket may not open; undefined if it may. */
  refusalOfSocket(shares: readonly Share[]): string | undefined {
    const full = shares.find(({ key, mostSockets }) => mostSockets > 0 && this.countOf(key) >= mostSockets);
    return full && `too many sockets of this ${full.what}`;
  }

  opened(shares: readonly Share[]): void {
    for (const { key } of shares) this.sockets.set(key, this.countOf(key) + 1);
  }

  closed(shares: readonly Share[]): void {
    for (const { key } of shares) {
      const left = this.countOf(key) - 1;
      if (left > 0) this.sockets.set(key, left);
      else this.sockets.delete(key);
    }
  }

  /** Counts a join; why it is one too many, or undefined. Who asks too often does not use up more. */
  refusalOfJoin(shares: readonly Share[], now: number): string | undefined {
    if (shares.length === 0) return undefined;
    const minute = Math.floor(now / minuteMs);
    if (minute !== this.minute) this.joins.clear();
    this.minute = minute;
    const asked = (key: string): number => this.joins.get(key) ?? 0;
    const full = shares.find(({ key, mostJoins }) => mostJoins > 0 && asked(key) >= mostJoins);
    if (full) return `too many joins of this ${full.what}`;
    for (const { key } of shares) this.joins.set(key, asked(key) + 1);
    return undefined;
  }

  private countOf(key: string): number {
    return this.sockets.get(key) ?? 0;
  }
}
