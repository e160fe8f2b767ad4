import type { Places } from './places.js';

interface Waiting {
  readonly provider: string;
  readonly project: string;
  readonly start: () => void;
}

/** Lets generations that go on to a fallback in among the calls of its provider. First come first served, as far as there is room for their projects. */
export class ProviderDoors {
  private readonly waiting: Waiting[] = [];

  constructor(private readonly places: Places) {}

  /** Takes a place at once, or when there is one. Rejects when the signal is aborted. */
  enter(provider: string, project: string, signal: AbortSignal): Promise<void> | undefined {
    if (this.places.hasRoomAt(provider, project)) {
      this.places.enter(provider, project);
      return undefined;
    }
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        this.waiting.splice(this.waiting.indexOf(waiting), 1);
        reject(signal.reason as Error);
      };
      const start = (): void => {
        signal.removeEventListener('abort', abort);
        this.places.enter(provider, project);
        resolve();
      };
      const waiting: Waiting = { provider, project, start };
      signal.addEventListener('abort', abort, { once: true });
      this.waiting.push(waiting);
    });
  }

  /** Gives a place back, to who waits for it first: a generation that runs comes before one that wants to begin. */
  leave(provider: string, project: string): void {
    this.places.leave(provider, project);
    const next = this.waiting.findIndex(
      (each) => each.provider === provider && this.places.hasRoomAt(provider, each.project),
    );
    if (next >= 0) this.waiting.splice(next, 1)[0]?.start();
  }
}
