import type { ReturnLine } from './return-line.js';

/*
 * Terms: a *slot* is the permission to make one attempt. An endpoint's *standing* says which share of the process's
 * slots its attempts take:
 *
 *   new   it has not answered yet
 *   fast  it answers in good time
 *   slow  it answers slowly, or not at all
 *
 * Its *width* is how many slots it may have right now. It begins narrow, grows with each answer that comes in time, and
 * is halved when the endpoint asks for less.
 */
export type Standing = 'new' | 'fast' | 'slow';

/** What a project has of the process. */
export interface ProjectLoad {
  readonly project: string;
  /** Slots of endpoints that are not slow: how slow ones fare is no reason to make the project's others wait. */
  inFlight: number;
  /** Deliveries that wait in memory. */
  waiting: number;
  /** Endpoints of it that something goes on at. */
  endpoints: number;
}

/** What goes on at one endpoint. Times in milliseconds since 1970. */
export interface EndpointLoad extends ReturnLine {
  readonly endpoint: string;
  readonly project: ProjectLoad;
  standing: Standing;
  /** How many slots its owner or the operator lets it have. */
  limit: number;
  /** How many it has shown to be able to use; a fraction counts towards the next one. */
  width: number;
  /** From this width on it grows slowly: it was too much once. */
  threshold: number;
  cutAt: number;
  inFlight: number;
  /** Those of them that are taken by later attempts. */
  retries: number;
  readonly firsts: Waiter[];
  readonly others: Waiter[];
  /** Since when no attempt has ended. */
  silentSince: number;
  /** Nothing has ended for so long that nothing is sent there until something does. */
  hangs: boolean;
  /** How long its attempts took lately, in milliseconds. */
  usualMs: number;
}

/** A delivery that waits in memory. */
export interface Waiter {
  readonly isRetry: boolean;
  readonly start: (slot: Slot | undefined) => void;
  readonly timer: NodeJS.Timeout;
}

/** Permission to make one attempt; give it back exactly once. */
export interface Slot {
  readonly load: EndpointLoad;
  readonly isRetry: boolean;
  readonly startedAt: number;
}

/** What an attempt says about how many the endpoint can take; undefined: it was cut short and says nothing. */
export type Strain = 'none' | 'tooMuch' | undefined;

/** Slots of an endpoint of which nothing is known yet: what it takes if it turns out to hang. */
const firstWidth = 4;

export const anEndpointAtRest = (
  endpoint: string,
  project: ProjectLoad,
  standing: Standing,
  now: number,
): EndpointLoad => ({
  endpoint,
  project,
  standing,
  limit: Infinity,
  width: firstWidth,
  threshold: Infinity,
  cutAt: 0,
  inFlight: 0,
  retries: 0,
  firsts: [],
  others: [],
  silentSince: now,
  hangs: false,
  usualMs: 0,
  until: 0,
});

export const waitingAt = ({ firsts, others }: EndpointLoad): number => firsts.length + others.length;

/** How many of `slots` retries may take: half, so that they never keep all of them from first attempts. */
export const retryShare = (slots: number): number => Math.max(1, Math.floor(slots / 2));

/**
 * Widens an endpoint that answered, and narrows one that had too much: additive increase, multiplicative decrease.
 * What was begun before the last cut says nothing about the width since.
 */
export function adaptWidth(load: EndpointLoad, strain: Strain, startedAt: number, now: number): void {
  if (strain === 'none') {
    // Only what was used is proved.
    if (load.width >= load.limit || load.inFlight + 1 < load.width / 4) return;
    load.width += load.width < load.threshold ? 1 : 1 / load.width;
  } else if (strain === 'tooMuch' && startedAt >= load.cutAt) {
    load.width = Math.max(1, Math.min(load.width, load.limit) / 2);
    load.threshold = load.width;
    load.cutAt = now;
  }
}

/**
 * The standing after an attempt that took so long. Slow from an average above `slowMs` on, fast again only below half
 * of it, so that an endpoint at the border does not change back and forth.
 */
export function standingAfter({ standing, usualMs }: EndpointLoad, tookMs: number, slowMs: number): Standing {
  if (usualMs > slowMs) return 'slow';
  if (standing === 'slow') return usualMs < slowMs / 2 && tookMs < slowMs ? 'fast' : 'slow';
  return standing === 'new' && tookMs > slowMs ? 'slow' : 'fast';
}
