import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';

/** How often uses are written; "last used" is for people, who do not look at seconds. */
const intervalMs = 15_000;

/** Remembers when keys were used and writes it in batches, so that no request waits for it. */
export class KeyUsage {
  readonly #log = new Logger(KeyUsage.name);
  readonly #timer: NodeJS.Timeout;
  #lastUses = new Map<string, number>();

  constructor(private readonly dataSource: DataSource) {
    this.#timer = setInterval(() => void this.flush(), intervalMs);
    this.#timer.unref();
  }

  /** Notes that a key is used now. */
  note(keyId: string): void {
    this.#lastUses.set(keyId, Date.now());
  }

  /** Writes what was noted. When the database is away, keeps it for the next time. */
  async flush(): Promise<void> {
    const uses = [...this.#lastUses].sort(([one], [other]) => (one < other ? -1 : 1));
    if (uses.length === 0) return;
    this.#lastUses = new Map();
    try {
      await this.dataSource.query(
        `UPDATE api_keys SET last_used_at = GREATEST(last_used_at, used.at)
           FROM unnest($1::uuid[], $2::timestamptz[]) AS used (id, at) WHERE api_keys.id = used.id`,
        [uses.map(([id]) => id), uses.map(([, at]) => new Date(at).toISOString())],
      );
    } catch (error) {
      this.#log.warn(`The last use of ${uses.length} API keys is not written yet: ${String(error)}`);
      for (const [id, at] of uses) this.#lastUses.set(id, Math.max(at, this.#lastUses.get(id) ?? 0));
    }
  }

  /** Writes for the last time. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.flush();
  }
}
