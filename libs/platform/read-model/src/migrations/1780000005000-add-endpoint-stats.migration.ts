import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What happened at each endpoint, counted while events are written: asking for it reads no single delivery. */
export class AddEndpointStats1780000005000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE endpoint_slots, endpoint_summaries');
  }
}

const statements = [
  `CREATE TABLE endpoint_slots (
     project_id text NOT NULL,
     endpoint_id text NOT NULL,
     slot timestamptz(0) NOT NULL,
     kind text NOT NULL,
     outcome text NOT NULL,
     bucket integer NOT NULL,
     count bigint NOT NULL,
     max_ms integer NOT NULL,
     CONSTRAINT endpoint_slots_pk PRIMARY KEY (project_id, endpoint_id, slot, kind, outcome, bucket)
   )`,
  `CREATE INDEX endpoint_slots_age ON endpoint_slots (slot)`,
  `CREATE TABLE endpoint_summaries (
     project_id text NOT NULL,
     endpoint_id text NOT NULL,
     planned bigint NOT NULL,
     ended bigint NOT NULL,
     last_success_at timestamptz(3),
     last_failure_sequence bigint,
     last_failure jsonb,
     CONSTRAINT endpoint_summaries_pk PRIMARY KEY (project_id, endpoint_id)
   )`,
  // A row changes with every batch in its slot; room in the page keeps those changes out of the indexes.
  `ALTER TABLE endpoint_slots SET (fillfactor = 70)`,
  `ALTER TABLE endpoint_summaries SET (fillfactor = 50)`,
];
