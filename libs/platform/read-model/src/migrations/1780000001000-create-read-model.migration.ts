import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is projected from the log: it can be dropped and filled again. */
export class CreateReadModel1780000001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE deliveries, requests, timeline_events');
  }
}

const statements = [
  `CREATE TABLE timeline_events (
     project_id text NOT NULL,
     channel text NOT NULL,
     sequence bigint NOT NULL,
     type text NOT NULL,
     at timestamptz(3) NOT NULL,
     data json NOT NULL,
     CONSTRAINT timeline_events_pk PRIMARY KEY (project_id, channel, sequence)
   )`,
  // Event data is text that compresses well; lz4 costs the projector a fraction of what pglz does.
  `DO $$ BEGIN
     ALTER TABLE timeline_events ALTER COLUMN data SET COMPRESSION lz4;
   EXCEPTION WHEN feature_not_supported OR invalid_parameter_value THEN NULL;
   END $$`,
  `CREATE TABLE requests (
     project_id text NOT NULL,
     channel text NOT NULL,
     sequence bigint NOT NULL,
     state text NOT NULL,
     workflow text NOT NULL,
     event_name text,
     environment text NOT NULL,
     test_mode boolean NOT NULL,
     provider text,
     model text,
     prompt_tokens bigint,
     completion_tokens bigint,
     cost_usd double precision,
     duration_ms bigint,
     offline_fallback boolean NOT NULL,
     failure_code text,
     failure_message text,
     customer_data jsonb NOT NULL,
     accepted_at timestamptz(3) NOT NULL,
     generated_at timestamptz(3),
     ended_at timestamptz(3),
     CONSTRAINT requests_pk PRIMARY KEY (project_id, channel)
   )`,
  `CREATE INDEX requests_page ON requests (project_id, accepted_at, channel)`,
  `CREATE TABLE deliveries (
     project_id text NOT NULL,
     channel text NOT NULL,
     id text NOT NULL,
     sequence bigint NOT NULL,
     endpoint_id text NOT NULL,
     url text NOT NULL,
     type text NOT NULL,
     status text NOT NULL,
     attempts integer,
     http_status integer,
     error text,
     next_attempt_at timestamptz(3),
     planned_at timestamptz(3),
     ended_at timestamptz(3),
     CONSTRAINT deliveries_pk PRIMARY KEY (project_id, channel, id)
   )`,
  `CREATE INDEX deliveries_page ON deliveries (project_id, planned_at, id)`,
  // Both tables change each row two or three times; room in the page keeps those changes out of the indexes.
  `ALTER TABLE requests SET (fillfactor = 70)`,
  `ALTER TABLE deliveries SET (fillfactor = 70)`,
];
