import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What each key spent on each day, counted while events are written: a budget reads no single request. */
export class AddSpend1780000016000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE spend (
         project_id text NOT NULL,
         day date NOT NULL,
         key_id text NOT NULL,
         usd double precision NOT NULL,
         generations bigint NOT NULL,
         CONSTRAINT spend_pk PRIMARY KEY (project_id, day, key_id)
       )`,
    );
    // A row changes with every batch of its day; room in the page keeps those changes out of the index.
    await runner.query(`ALTER TABLE spend SET (fillfactor = 50)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE spend`);
  }
}
