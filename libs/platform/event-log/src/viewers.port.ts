import type { ChannelSubscription } from './channel-feed.port.js';

/** How many clients of one process look on at a channel. */
export interface ChannelViewers {
  readonly project: string;
  readonly channel: string;
  readonly viewers: number;
}

/**
 * How many clients look on at each channel of a project, over all processes, while somebody wants to know. Best effort
 * and some seconds behind: what gets lost is made good soon.
 */
export interface Viewers {
  /**
   * Tells whoever watches a project how many look on here. `counts` names the channels of this process, one as often as
   * there is something to add up; it is asked about once a second while anybody watches a project, and never else.
   */
  report(counts: () => Iterable<ChannelViewers>): ChannelSubscription;
  /** Calls back with each number that changes, from 0; the numbers so far come soon. */
  watch(project: string, onChange: (channel: string, viewers: number) => void): ChannelSubscription;
}

/** Injection token of the process's view of viewers. */
export const VIEWERS = Symbol('Viewers');
