import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds the few requests and deliveries that have not ended among the many that have. */
export class IndexOpenWork1780000006000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX requests_open, deliveries_open');
  }
}

// Partial: a row is in them only while it is open, which most are for less than a batch of the projector.
const statements = [
  `CREATE INDEX requests_open ON requests (project_id, channel) WHERE ended_at IS NULL`,
  `CREATE INDEX deliveries_open ON deliveries (project_id, channel, id) WHERE ended_at IS NULL`,
];
