import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Replays of many dead letters, and ways to find letters by what they failed with. */
export class AddReplays1780000004000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE replay_letters, replays');
    await runner.query('DROP INDEX deliveries_replay');
    await runner.query('ALTER TABLE dead_letters DROP COLUMN error_code');
    const indexes = ['endpoint', 'type', 'status', 'channel', 'age'].map((name) => `dead_letters_${name}`);
    await runner.query(`DROP INDEX ${indexes.join(', ')}`);
  }
}

const statements = [
  `ALTER TABLE dead_letters ADD COLUMN error_code text`,
  `CREATE INDEX dead_letters_endpoint ON dead_letters (project_id, endpoint_id, ended_at, id)`,
  `CREATE INDEX dead_letters_type ON dead_letters (project_id, type, ended_at, id)`,
  `CREATE INDEX dead_letters_status ON dead_letters (project_id, http_status, ended_at, id)`,
  `CREATE INDEX dead_letters_error ON dead_letters (project_id, error_code, ended_at, id)`,
  `CREATE INDEX dead_letters_channel ON dead_letters (project_id, channel)`,
  `CREATE INDEX dead_letters_age ON dead_letters (ended_at)`,
  // Few deliveries are replays, and what they replay never changes: other deliveries do not notice the index.
  `CREATE INDEX deliveries_replay ON deliveries (replay_of) WHERE replay_of IS NOT NULL`,
  `CREATE TABLE replays (
     id text NOT NULL,
     project_id text NOT NULL,
     status text NOT NULL,
     total integer NOT NULL,
     position integer NOT NULL DEFAULT 0,
     planned integer NOT NULL DEFAULT 0,
     succeeded integer NOT NULL DEFAULT 0,
     failed integer NOT NULL DEFAULT 0,
     skipped jsonb NOT NULL DEFAULT '{}',
     rate_per_second double precision NOT NULL,
     to_endpoint_id text,
     include_replayed boolean NOT NULL,
     failure text,
     created_at timestamptz(3) NOT NULL,
     finished_at timestamptz(3),
     next_at timestamptz(3) NOT NULL,
     lease integer NOT NULL DEFAULT 0,
     leased_until timestamptz(3),
     page_end integer NOT NULL DEFAULT 0,
     mishaps integer NOT NULL DEFAULT 0,
     settle_position integer NOT NULL DEFAULT 0,
     settle_at timestamptz(3) NOT NULL,
     CONSTRAINT replays_pk PRIMARY KEY (id)
   )`,
  `CREATE INDEX replays_page ON replays (project_id, created_at, id)`,
  // Of all replays, only those that something is left to do for: two statements look for them all the time.
  `CREATE INDEX replays_due ON replays (next_at) WHERE finished_at IS NULL OR position < page_end`,
  `CREATE INDEX replays_open ON replays (settle_at) WHERE planned > succeeded + failed`,
  `CREATE INDEX replays_age ON replays (finished_at)`,
  `CREATE TABLE replay_letters (
     replay_id text NOT NULL,
     position integer NOT NULL,
     letter_id text NOT NULL,
     channel text NOT NULL,
     endpoint_id text NOT NULL,
     outcome text,
     delivery_id text,
     CONSTRAINT replay_letters_pk PRIMARY KEY (replay_id, position)
   )`,
  `CREATE UNIQUE INDEX replay_letters_once ON replay_letters (replay_id, letter_id)`,
  // What is waited for: the rest of a large replay is not looked at again.
  `CREATE INDEX replay_letters_open ON replay_letters (replay_id, position) WHERE outcome = 'planned'`,
];
