import { PreparedJson } from '@headrace/contracts';

/** Channels whose numbers are kept, in each project that is watched. */
export const mostChannels = 10_000;
/** Channels of one frame. */
export const mostNumbersOfFrame = 500;

interface Numbered {
  readonly viewers: number;
  /** Grows with each change, over all channels. */
  readonly version: number;
}

/** Some numbers as one frame, and which version it brings a socket to. */
export interface ViewersFrame {
  readonly upTo: number;
  readonly payload: PreparedJson;
}

/**
 * How many look on at each channel of one project, for all sockets that watch it. A socket is known by the version that
 * it was told, a number: one that is behind gets of each channel only the newest, and costs no memory.
 */
export class LiveViewers {
  /** In the order in which they changed. */
  private readonly numbers = new Map<string, Numbered>();
  /** The frame that was made last: most sockets get the same. */
  private made: (ViewersFrame & { readonly from: number; readonly end: number }) | undefined;
  /** The newest version. */
  end = 0;

  set(channel: string, viewers: number): void {
    this.numbers.delete(channel);
    this.end += 1;
    this.numbers.set(channel, { viewers, version: this.end });
    if (this.numbers.size > mostChannels) this.forgetOldest();
  }

  /** What changed behind a version, as much as goes into one frame: `{viewers: [{channel_id, viewers}]}`. */
  frameFrom(from: number): ViewersFrame {
    if (this.made?.from === from && this.made.end === this.end) return this.made;
    const viewers: { channel_id: string; viewers: number }[] = [];
    let upTo = this.end;
    for (const [channel_id, { viewers: count, version }] of this.numbers) {
      // Who was told nothing so far need not hear of those who have left.
      if (version <= from || (from === 0 && count === 0)) continue;
      if (viewers.length === mostNumbersOfFrame) break;
      viewers.push({ channel_id, viewers: count });
      upTo = version;
    }
    if (viewers.length < mostNumbersOfFrame) upTo = this.end;
    this.made = { from, end: this.end, upTo, payload: PreparedJson.of({ viewers }) };
    return this.made;
  }

  /** Whether there is anything to tell behind a version. */
  isNewsFor(version: number): boolean {
    return version < this.end && (version > 0 || [...this.numbers.values()].some(({ viewers }) => viewers > 0));
  }

  /** Forgets channels that everybody was told nobody looks on at any more. */
  forgetGone(toldToAll: number): void {
    for (const [channel, { viewers, version }] of this.numbers) {
      if (version > toldToAll) return;
      if (viewers === 0) this.numbers.delete(channel);
    }
  }

  private forgetOldest(): void {
    for (const oldest of this.numbers.keys()) {
      this.numbers.delete(oldest);
      return;
    }
  }
}
