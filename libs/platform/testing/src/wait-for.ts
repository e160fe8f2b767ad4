import { setTimeout as delay } from 'node:timers/promises';

/** How long and how often to look. */
export interface WaitForOptions {
  /** Default 20 s: a busy machine is no failure. */
  readonly timeoutMs?: number;
  /** Default 20 ms. */
  readonly everyMs?: number;
  /** For the error: `the consumer has no pending messages`. */
  readonly what?: string;
}

/**
 * Looks until `look` gives something else than false, null or undefined, or does not throw, and resolves to it.
 * Only where there is no event to await: a row in a database, a consumer's state.
 */
export async function waitFor<Found>(
  look: () => Found | Promise<Found>,
  { timeoutMs = 20_000, everyMs = 20, what = 'the condition' }: WaitForOptions = {},
): Promise<Exclude<Found, false | null | undefined>> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const { found, error } = await attempt(look);
    if (found !== undefined && found !== null && found !== false) {
      return found as Exclude<Found, false | null | undefined>;
    }
    if (Date.now() > deadline) throw new Error(`Not within ${timeoutMs} ms: ${what}`, { cause: error });
    await delay(everyMs);
  }
}

async function attempt<Found>(look: () => Found | Promise<Found>): Promise<{ found?: Found; error?: unknown }> {
  try {
    return { found: await look() };
  } catch (error) {
    return { error };
  }
}
