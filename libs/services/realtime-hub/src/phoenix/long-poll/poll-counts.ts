import type { IncomingMessage } from 'node:http';
import { networkOf } from '@headrace/http';

const minuteMs = 60_000;

/** Counts the long-poll requests of each address in this process, those that open a session or bring frames among them. */
export class PollCounts {
  private readonly counts = new Map<string, number>();
  private minute = 0;

  constructor(
    /** Requests of one address within a minute; 0: any number. */
    private readonly most: number,
    private readonly addressOf: (request: Pick<IncomingMessage, 'headers' | 'socket'>) => string,
  ) {}

  /** Counts a request; whether it is one too many. */
  isTooMany(request: Pick<IncomingMessage, 'headers' | 'socket'>, now: number): boolean {
    if (this.most === 0) return false;
    const minute = Math.floor(now / minuteMs);
    if (minute !== this.minute) this.counts.clear();
    this.minute = minute;
    const address = networkOf(this.addressOf(request));
    const count = (this.counts.get(address) ?? 0) + 1;
    this.counts.set(address, count);
    return count > this.most;
  }
}
