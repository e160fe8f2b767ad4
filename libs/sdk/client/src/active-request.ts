import { environment, type StorageLike } from './environment.js';
import type { ActiveRequest, ConnectOptions } from './types.js';

/** How long a request that no page follows is kept, at least: as long as a token waits for its first use. */
const keptForMs = 300_000;

/** Whether the browser lets us keep anything in `localStorage`. */
export function isStorageAvailable(): boolean {
  try {
    const key = '__modelriver_test__';
    environment.localStorage?.setItem(key, key);
    environment.localStorage?.removeItem(key);
    return environment.localStorage !== undefined;
  } catch {
    return false;
  }
}

/**
 * The request that a page follows, kept over reloads. Pages may share it: each only removes what it has put there.
 * A storage that is full or forbidden keeps nothing, and nothing fails because of it.
 */
export class ActiveRequestStore {
  readonly #key: string;

  constructor(
    prefix: string,
    private readonly storage: StorageLike | undefined,
    private readonly maxAgeMs: number,
  ) {
    this.#key = `${prefix}active_request`;
  }

  save({ channelId, wsToken, websocketUrl, websocketChannel }: ConnectOptions): void {
    const request: ActiveRequest = { channelId, wsToken, timestamp: Date.now(), websocketUrl, websocketChannel };
    this.#try((storage) => storage.setItem(this.#key, JSON.stringify(request)));
  }

  /** What is kept and has been alive lately; null if nothing. */
  get(): ActiveRequest | null {
    return (
      this.#try((storage) => {
        const request = JSON.parse(storage.getItem(this.#key) ?? 'null') as ActiveRequest | null;
        if (!request?.channelId || !request.wsToken) return null;
        if (Date.now() - request.timestamp <= Math.max(keptForMs, this.maxAgeMs)) return request;
        storage.removeItem(this.#key);
        return null;
      }) ?? null
    );
  }

  /** Notes that a request is alive, so that waiting for days does not make it too old. Another page's stays. */
  touch(request: ConnectOptions): void {
    const kept = this.get();
    if (!kept || kept.channelId === request.channelId) this.save(request);
  }

  clear(channelId: string): void {
    if (this.get()?.channelId === channelId) this.#try((storage) => storage.removeItem(this.#key));
  }

  #try<Result>(use: (storage: StorageLike) => Result): Result | undefined {
    try {
      const storage = this.storage ?? environment.localStorage;
      return storage && use(storage);
    } catch {
      return undefined;
    }
  }
}
