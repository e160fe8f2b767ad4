import { MigrationExecutor, type DataSource } from 'typeorm';

/** Any number that no other program on the database is likely to lock. */
const lockKey = 4_100_271_828;

/**
 * Brings the schema up to date, all or nothing: one transaction holds an advisory lock, so that processes that
 * start at once wait for the first and then find nothing left to do. The lock goes with the transaction, also
 * when the process is killed. Gives the names of the migrations that ran.
 *
 * `dataSource` is one without limits on its statements: a wait for another process is no hanging statement.
 */
export async function migrate(dataSource: DataSource): Promise<string[]> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.startTransaction();
    await runner.query('SELECT pg_advisory_xact_lock($1)', [lockKey]);
    const migrations = await new MigrationExecutor(dataSource, runner).executePendingMigrations();
    await runner.commitTransaction();
    return migrations.map(({ name }) => name);
  } catch (error) {
    if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
    throw error;
  } finally {
    await runner.release();
  }
}
