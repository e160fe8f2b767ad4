import { Logger } from '@nestjs/common';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { QuietLogger } from './quiet.logger.js';
import type { PostgresSettings } from './postgres.settings.js';
import type { SchemaPart } from './schema-part.js';

/** How long a connection may wait for an answer beyond the server's own statement limit. */
const answerGraceMs = 5_000;

/**
 * A data source for the tables of `parts`, not connected yet. Every statement has a time limit twice: the server
 * ends it, and the client stops waiting a little later in case the server does not answer at all.
 */
export function createDataSource(settings: PostgresSettings, parts: readonly SchemaPart[]): DataSource {
  return new DataSource({
    ...connectionOptions(settings),
    entities: parts.flatMap(({ entities }) => [...entities]),
    poolSize: settings.poolSize,
    extra: {
      statement_timeout: settings.statementTimeoutMs,
      query_timeout: settings.statementTimeoutMs + answerGraceMs,
      idle_in_transaction_session_timeout: settings.statementTimeoutMs,
      keepAlive: true,
    },
  });
}

/** A data source that only migrates, not connected yet: one connection, and no limit on its statements. */
export function createMigrationDataSource(settings: PostgresSettings, parts: readonly SchemaPart[]): DataSource {
  return new DataSource({
    ...connectionOptions(settings),
    migrations: parts.flatMap(({ migrations }) => [...migrations]),
    migrationsTableName: 'headrace_migrations',
    poolSize: 1,
    extra: { keepAlive: true },
  });
}

function connectionOptions(settings: PostgresSettings) {
  const log = new Logger('Postgres');
  return {
    type: 'postgres',
    url: settings.databaseUrl,
    applicationName: 'headrace',
    connectTimeoutMS: settings.connectTimeoutMs,
    // Ids are made by the application: no extension, so no superuser is needed.
    installExtensions: false,
    logger: new QuietLogger(),
    poolErrorHandler: (error: Error) => log.warn(`An idle connection to Postgres was lost: ${error.message}`),
  } satisfies DataSourceOptions;
}
