import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How often and how dear a project may ask. */
export class AddProjectLimits1780000014000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE projects ADD COLUMN rate_limits json, ADD COLUMN budgets json`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE projects DROP COLUMN rate_limits, DROP COLUMN budgets`);
  }
}
