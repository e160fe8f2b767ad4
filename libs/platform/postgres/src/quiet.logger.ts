import type { Logger } from 'typeorm';

/** TypeORM's logger, silent: it would print SQL with its values. Whoever asks gets an error and logs that. */
export class QuietLogger implements Logger {
  logQuery(): void {}
  logQueryError(): void {}
  logQuerySlow(): void {}
  logSchemaBuild(): void {}
  logMigration(): void {}
  log(): void {}
}
