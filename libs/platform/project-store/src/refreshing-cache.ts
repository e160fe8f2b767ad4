/** How a cache loads and keeps its values. Durations in milliseconds. */
export interface RefreshingCacheOptions<Value> {
  /** Reads a value from its source; undefined when there is none. */
  readonly load: (key: string) => Promise<Value | undefined>;
  /** Age from which a value is read again. */
  readonly ttlMs: number;
  /** How long it is remembered that there is no value. */
  readonly absentTtlMs: number;
  /** Values held at most, and absences held at most; the oldest go first. */
  readonly capacity: number;
  /** How long a reader waits for a refresh before it takes the old value after all. */
  readonly patienceMs: number;
  /** How long a failed refresh is not tried again. */
  readonly retryMs: number;
  /** Told when a refresh failed and the old value stays in use. */
  readonly onStale: (error: unknown) => void;
  /** A clock that never goes back, in milliseconds. */
  readonly now?: () => number;
}

interface Entry<Value> {
  readonly value: Value;
  readonly loadedAt: number;
  /** The source is known to have changed. */
  dropped: boolean;
  retryAt: number;
}

/**
 * Values in memory that outlive the failure of their source.
 *
 * A fresh value is given as it is. One past its time is given too, and refreshed behind the reader's back; one that
 * was dropped or is long past its time is refreshed first. When the source fails, the old value stays.
 * Concurrent loads of one key are one load.
 */
export class RefreshingCache<Value extends object> {
  readonly #options: RefreshingCacheOptions<Value>;
  readonly #now: () => number;
  readonly #entries = new Map<string, Entry<Value>>();
  readonly #absentUntil = new Map<string, number>();
  readonly #loading = new Map<string, Promise<Value | undefined>>();

  constructor(options: RefreshingCacheOptions<Value>) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
  }

  /** The value of a key; no promise when it is at hand. Rejects only when there is no old value to fall back on. */
  get(key: string): Value | undefined | Promise<Value | undefined> {
    const entry = this.#entries.get(key);
    const now = this.#now();
    if (entry === undefined) return now < (this.#absentUntil.get(key) ?? 0) ? undefined : this.#load(key);
    const age = now - entry.loadedAt;
    const { ttlMs } = this.#options;
    if ((!entry.dropped && age < ttlMs) || now < entry.retryAt) return entry.value;
    const refresh = this.#load(key).catch(() => entry.value);
    return !entry.dropped && age < 2 * ttlMs ? entry.value : this.#patiently(refresh, entry.value);
  }

  /** Makes matching values be read again at their next use. Absences are forgotten: any may have ended. */
  drop(matches: (value: Value) => boolean): void {
    for (const entry of this.#entries.values()) {
      if (!matches(entry.value)) continue;
      entry.dropped = true;
      entry.retryAt = 0;
    }
    this.#absentUntil.clear();
    // A load under way may have read what was there before; its outcome goes to its own readers only.
    this.#loading.clear();
  }

  #load(key: string): Promise<Value | undefined> {
    const underway = this.#loading.get(key);
    if (underway) return underway;
    const loading = this.#options.load(key).then(
      (value) => {
        if (this.#finish(key, loading)) this.#keep(key, value);
        return value;
      },
      (error: unknown) => {
        const entry = this.#entries.get(key);
        if (this.#finish(key, loading) && entry) {
          entry.retryAt = this.#now() + this.#options.retryMs;
          this.#options.onStale(error);
        }
        throw error;
      },
    );
    this.#loading.set(key, loading);
    return loading;
  }

  /** Whether this load's outcome still counts. */
  #finish(key: string, loading: Promise<Value | undefined>): boolean {
    return this.#loading.get(key) === loading && this.#loading.delete(key);
  }

  #keep(key: string, value: Value | undefined): void {
    this.#entries.delete(key);
    if (value === undefined) {
      putBounded(this.#absentUntil, key, this.#now() + this.#options.absentTtlMs, this.#options.capacity);
    } else {
      const entry = { value, loadedAt: this.#now(), dropped: false, retryAt: 0 };
      putBounded(this.#entries, key, entry, this.#options.capacity);
    }
  }

  async #patiently(refresh: Promise<Value | undefined>, old: Value): Promise<Value | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const impatience = new Promise<Value>((resolve) => {
      timer = setTimeout(() => resolve(old), this.#options.patienceMs);
    });
    try {
      return await Promise.race([refresh, impatience]);
    } finally {
      clearTimeout(timer);
    }
  }
}

function putBounded<Value>(map: Map<string, Value>, key: string, value: Value, capacity: number): void {
  map.delete(key);
  for (const oldest of map.keys()) {
    if (map.size < capacity) break;
    map.delete(oldest);
  }
  map.set(key, value);
}
