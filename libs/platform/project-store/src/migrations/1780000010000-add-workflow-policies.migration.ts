import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a workflow may say of retries, repair, limits, urgency and caching; where a version of it was restored from. */
export class AddWorkflowPolicies1780000010000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE workflows
         ADD COLUMN retry json,
         ADD COLUMN repair_attempts integer NOT NULL DEFAULT 1,
         ADD COLUMN max_concurrent integer,
         ADD COLUMN priority text NOT NULL DEFAULT 'normal',
         ADD COLUMN expires_after_seconds integer,
         ADD COLUMN cache_seconds integer,
         ADD COLUMN stream boolean`,
    );
    await runner.query(`ALTER TABLE workflow_versions ADD COLUMN restored_from integer`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE workflow_versions DROP COLUMN restored_from`);
    await runner.query(
      `ALTER TABLE workflows
         DROP COLUMN retry, DROP COLUMN repair_attempts, DROP COLUMN max_concurrent, DROP COLUMN priority,
         DROP COLUMN expires_after_seconds, DROP COLUMN cache_seconds, DROP COLUMN stream`,
    );
  }
}
