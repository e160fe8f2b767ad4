import type { ModelPrice } from '@headrace/contracts';
import type { ConfigurationNotices } from '@headrace/event-log';
import { isUniqueViolation } from '@headrace/postgres';
import { Logger } from '@nestjs/common';
import type { DataSource, Repository } from 'typeorm';
import { PriceTableEntity } from './entities/price-table.entity.js';
import { ChangeRefused } from './project-store.errors.js';

/** The operator's prices after one change; version 0 is none at all. */
export interface OwnPrices {
  readonly version: number;
  readonly prices: readonly ModelPrice[];
  readonly note: string | null;
  /** Null for version 0. */
  readonly createdAt: Date | null;
}

/** The word in the place of a project in notices: prices belong to none. */
const noticeWord = 'prices';
/** For a notice that was not heard. */
const refreshMs = 60_000;
const none: OwnPrices = { version: 0, prices: [], note: null, createdAt: null };

/** The operator's own prices, with their history in Postgres and the latest in memory. */
export class PriceStore {
  readonly #log = new Logger('PriceStore');
  readonly #tables: Repository<PriceTableEntity>;
  readonly #subscription: { close(): void };
  readonly #refresh: NodeJS.Timeout;
  #current: OwnPrices = none;

  constructor(
    dataSource: DataSource,
    private readonly notices: ConfigurationNotices,
  ) {
    this.#tables = dataSource.getRepository(PriceTableEntity);
    this.#subscription = notices.listen((project) => {
      if (project === noticeWord) void this.refresh();
    });
    this.#refresh = setInterval(() => void this.refresh(), refreshMs);
    this.#refresh.unref();
  }

  /** The latest prices that this process knows: the same object until there are others. */
  get current(): OwnPrices {
    return this.#current;
  }

  /** Reads the latest prices. While the database is away the last known ones stay. */
  async refresh(): Promise<void> {
    try {
      const [latest] = await this.history(1);
      if (latest && latest.version !== this.#current.version) this.#current = latest;
    } catch (error) {
      this.#log.warn(`Prices cannot be read again; the last known ones stay in use: ${String(error)}`);
    }
  }

  /** Puts other prices in the place of all of the operator's, as the next version. */
  async replace(prices: readonly ModelPrice[], note: string | null): Promise<OwnPrices> {
    const [latest] = await this.history(1);
    const next = { version: (latest?.version ?? 0) + 1, prices, note, createdAt: new Date() };
    try {
      await this.#tables.insert(next);
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      throw new ChangeRefused('conflict', 'Somebody else changed the prices at the same moment. Look, and try again.');
    }
    this.#current = next;
    this.notices.announce(noticeWord);
    return next;
  }

  /** Versions, the latest first. */
  history(limit: number): Promise<OwnPrices[]> {
    return this.#tables.find({ order: { version: 'DESC' }, take: limit });
  }

  onModuleDestroy(): void {
    this.#subscription.close();
    clearInterval(this.#refresh);
  }
}
