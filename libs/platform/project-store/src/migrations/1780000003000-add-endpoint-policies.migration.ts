import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What an endpoint may say of the webhooks it wants and of how they are brought to it. */
export class AddEndpointPolicies1780000003000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE projects ADD COLUMN retry json`);
    await runner.query(
      `ALTER TABLE webhook_endpoints
         ADD COLUMN workflows text[],
         ADD COLUMN event_names text[],
         ADD COLUMN payload_filter json,
         ADD COLUMN headers text,
         ADD COLUMN retry json,
         ADD COLUMN max_in_flight integer,
         ADD COLUMN rate_limit_per_second real,
         ADD COLUMN fifo_key text,
         ADD COLUMN paused_at timestamptz(3),
         ADD COLUMN failing_since timestamptz(3)`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE webhook_endpoints
         DROP COLUMN workflows, DROP COLUMN event_names, DROP COLUMN payload_filter, DROP COLUMN headers,
         DROP COLUMN retry, DROP COLUMN max_in_flight, DROP COLUMN rate_limit_per_second, DROP COLUMN fifo_key,
         DROP COLUMN paused_at, DROP COLUMN failing_since`,
    );
    await runner.query(`ALTER TABLE projects DROP COLUMN retry`);
  }
}
