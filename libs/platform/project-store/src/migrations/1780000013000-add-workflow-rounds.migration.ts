import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a workflow may say of tool results and of reminders while a callback is awaited. */
export class AddWorkflowRounds1780000013000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE workflows
         ADD COLUMN max_tool_rounds integer NOT NULL DEFAULT 8,
         ADD COLUMN reminder_seconds json`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE workflows DROP COLUMN max_tool_rounds, DROP COLUMN reminder_seconds`);
  }
}
