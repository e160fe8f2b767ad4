import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the operator pays for models. */
export class AddPriceTables1780000015000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE price_tables (
         version integer NOT NULL,
         prices json NOT NULL,
         note text,
         created_at timestamptz(3) NOT NULL,
         CONSTRAINT price_tables_pk PRIMARY KEY (version)
       )`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE price_tables`);
  }
}
