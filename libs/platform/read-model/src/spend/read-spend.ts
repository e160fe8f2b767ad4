import { MoreThanOrEqual, type DataSource } from 'typeorm';
import { SpendEntity } from '../entities/spend.entity.js';

/** What was spent with a key on a day in UTC, in US dollars. */
export interface Spent {
  /** `2026-01-31`. */
  readonly day: string;
  /** Empty for requests from before the key was noted. */
  readonly keyId: string;
  readonly usd: number;
}

/** What a project spent since a day, that one included; some milliseconds behind the log. */
export async function readSpend(dataSource: DataSource, project: string, since: string): Promise<Spent[]> {
  const rows = await dataSource.getRepository(SpendEntity).findBy({ project, day: MoreThanOrEqual(since) });
  return rows.map(({ day, keyId, usd }) => ({ day, keyId, usd }));
}
