import { setTimeout as delay } from 'node:timers/promises';

/** What is done again and again; resolves to the milliseconds to wait before the next time. */
export type Step = () => Promise<number>;

/**
 * Does a step until the signal ends it, one after another. A step that fails is done again; of failures in a row
 * only the first is told.
 */
export async function repeat(
  step: Step,
  signal: AbortSignal,
  onFailure: (error: unknown) => void,
  retryMs = 1_000,
): Promise<void> {
  let isFailing = false;
  while (!signal.aborted) {
    let wait = retryMs;
    try {
      wait = await step();
      isFailing = false;
    } catch (error) {
      if (!isFailing) onFailure(error);
      isFailing = true;
    }
    await delay(wait, undefined, { signal, ref: false }).catch(() => undefined);
  }
}
