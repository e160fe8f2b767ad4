import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which version of its workflow a request was resolved with; null for those from before it was kept. */
export class AddWorkflowVersion1780000017000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE requests ADD COLUMN workflow_version integer`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE requests DROP COLUMN workflow_version`);
  }
}
