import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Deliveries that were given up, where they can be found, and which delivery sends one of them once more. */
export class AddDeadLetters1780000002000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE dead_letters');
    await runner.query('ALTER TABLE deliveries DROP COLUMN replay_of');
  }
}

const statements = [
  `ALTER TABLE deliveries ADD COLUMN replay_of text`,
  `CREATE TABLE dead_letters (
     id text NOT NULL,
     project_id text NOT NULL,
     channel text NOT NULL,
     sequence bigint NOT NULL,
     endpoint_id text NOT NULL,
     url text NOT NULL,
     type text NOT NULL,
     http_status integer,
     error text,
     ended_at timestamptz(3) NOT NULL,
     CONSTRAINT dead_letters_pk PRIMARY KEY (id)
   )`,
  `CREATE INDEX dead_letters_page ON dead_letters (project_id, ended_at, id)`,
  `INSERT INTO dead_letters
     SELECT id, project_id, channel, sequence, endpoint_id, url, type, http_status, error, ended_at
     FROM deliveries WHERE status = 'error' AND ended_at IS NOT NULL
     ON CONFLICT DO NOTHING`,
];
