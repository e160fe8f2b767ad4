import { ApiTimeoutError } from '../errors.js';

/** A timer that is set to more runs out at once. */
const longestTimerMs = 2 ** 31 - 1;

/** Aborts when nothing happened for a time, or when the caller's own signal does. Release it at the end. */
export class TimeLimit {
  readonly #controller = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  readonly #follow = (): void => this.#controller.abort(this.caller?.reason);

  constructor(
    private readonly limitMs: number,
    private readonly caller?: AbortSignal,
    private readonly complaint = 'Nothing was heard',
  ) {
    if (caller?.aborted) this.#follow();
    else caller?.addEventListener('abort', this.#follow, { once: true });
    this.begin();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The time begins anew: something happened. */
  begin(): void {
    clearTimeout(this.#timer);
    const late = (): void =>
      this.#controller.abort(new ApiTimeoutError(`${this.complaint} within ${this.limitMs / 1_000} s.`));
    this.#timer = setTimeout(late, Math.min(this.limitMs, longestTimerMs));
  }

  /** No more time counts: the reader takes as long as it likes. */
  pause(): void {
    clearTimeout(this.#timer);
  }

  /** Ends what still runs. */
  abort(): void {
    this.#controller.abort();
  }

  release(): void {
    clearTimeout(this.#timer);
    this.caller?.removeEventListener('abort', this.#follow);
  }
}

/** Waits; rejects with the signal's reason as soon as it is aborted. */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', leave);
      resolve();
    }, milliseconds);
    if (signal?.aborted) leave();
    else signal?.addEventListener('abort', leave, { once: true });
  });
}
