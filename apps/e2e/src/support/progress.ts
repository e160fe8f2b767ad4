/** Counts what happens, and tells when something has happened so many times. */
export class Progress<Step extends string> {
  readonly #counts = new Map<Step, number>();
  readonly #waiters = new Set<() => void>();

  count(step: Step): number {
    return this.#counts.get(step) ?? 0;
  }

  happened(step: Step): void {
    this.#counts.set(step, this.count(step) + 1);
    for (const look of [...this.#waiters]) look();
  }

  /** Resolves when a step has happened `times` times; rejects when `signal` aborts first. */
  reached(step: Step, times: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = (settle: () => void): void => {
        this.#waiters.delete(look);
        signal.removeEventListener('abort', abort);
        settle();
      };
      const look = (): void => {
        if (this.count(step) >= times) done(resolve);
      };
      const abort = (): void => {
        done(() => reject(new Error(`"${step}" happened ${this.count(step)} times and not ${times}.`)));
      };
      this.#waiters.add(look);
      signal.addEventListener('abort', abort, { once: true });
      look();
    });
  }
}
