import type { DataSource } from 'typeorm';
import { createDataSource, createMigrationDataSource } from './create-data-source.js';
import { migrate } from './migrate.js';
import { connectionFailureSentence, DatabaseUnusable } from './postgres-errors.js';
import type { PostgresSettings } from './postgres.settings.js';
import type { SchemaPart } from './schema-part.js';

/** As in `server_version_num`. */
const oldestVersion = 140_000;

/**
 * Checks that Postgres is there and new enough, brings the schema up to date and connects.
 * Throws `DatabaseUnusable` with one sentence that says what to do.
 */
export async function openDatabase(settings: PostgresSettings, parts: readonly SchemaPart[]): Promise<DataSource> {
  const { databaseUrl } = settings;
  if (databaseUrl === undefined) {
    throw new DatabaseUnusable('DATABASE_URL is not set. Set it to postgres://user:password@host:port/database.');
  }
  try {
    await withConnection(createMigrationDataSource(settings, parts), async (dataSource) => {
      await checkVersion(dataSource);
      await migrate(dataSource);
    });
    return await createDataSource(settings, parts).initialize();
  } catch (error) {
    if (error instanceof DatabaseUnusable) throw error;
    throw new DatabaseUnusable(connectionFailureSentence(error, databaseUrl), { cause: error });
  }
}

async function withConnection(dataSource: DataSource, use: (dataSource: DataSource) => Promise<void>): Promise<void> {
  await dataSource.initialize();
  try {
    await use(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

async function checkVersion(dataSource: DataSource): Promise<void> {
  const [row] = await dataSource.query<{ number: string; text: string }[]>(
    "SELECT current_setting('server_version_num') AS number, current_setting('server_version') AS text",
  );
  const problem = versionProblem(Number(row?.number), row?.text ?? '');
  if (problem) throw new DatabaseUnusable(problem);
}

/** What is wrong with a server's version; undefined when it will do. `number` as in `server_version_num`. */
export function versionProblem(number: number, text: string): string | undefined {
  return number >= oldestVersion ? undefined : `Postgres ${text} is too old. Headrace needs version 14 or newer.`;
}
