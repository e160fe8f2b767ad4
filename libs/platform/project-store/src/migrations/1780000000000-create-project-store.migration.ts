import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Projects with their keys, workflows, structured outputs, endpoints and credentials. */
export class CreateProjectStore1780000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE workflow_versions, workflows, structured_outputs, webhook_secrets, webhook_endpoints,
        provider_credentials, api_keys, projects`);
  }
}

const statements = [
  `CREATE TABLE projects (
     id uuid NOT NULL CONSTRAINT projects_pk PRIMARY KEY,
     name text NOT NULL,
     active boolean NOT NULL,
     signing_secret text NOT NULL,
     public_reconnect boolean NOT NULL,
     created_at timestamptz(3) NOT NULL,
     updated_at timestamptz(3) NOT NULL
   )`,
  `CREATE TABLE api_keys (
     id uuid NOT NULL CONSTRAINT api_keys_pk PRIMARY KEY,
     project_id uuid NOT NULL CONSTRAINT api_keys_project_fk REFERENCES projects (id) ON DELETE CASCADE,
     name text NOT NULL,
     hash text NOT NULL,
     prefix text NOT NULL,
     expires_at timestamptz(3),
     last_used_at timestamptz(3),
     revoked_at timestamptz(3),
     created_at timestamptz(3) NOT NULL
   )`,
  `CREATE UNIQUE INDEX api_keys_hash ON api_keys (hash)`,
  `CREATE INDEX api_keys_page ON api_keys (project_id, created_at, id)`,
  `CREATE TABLE structured_outputs (
     id uuid NOT NULL CONSTRAINT structured_outputs_pk PRIMARY KEY,
     project_id uuid NOT NULL CONSTRAINT structured_outputs_project_fk REFERENCES projects (id) ON DELETE CASCADE,
     name text NOT NULL,
     schema json NOT NULL,
     sample_data json,
     created_at timestamptz(3) NOT NULL,
     updated_at timestamptz(3) NOT NULL,
     CONSTRAINT structured_outputs_name UNIQUE (project_id, name)
   )`,
  `CREATE INDEX structured_outputs_page ON structured_outputs (project_id, created_at, id)`,
  `CREATE TABLE workflows (
     id uuid NOT NULL CONSTRAINT workflows_pk PRIMARY KEY,
     project_id uuid NOT NULL CONSTRAINT workflows_project_fk REFERENCES projects (id) ON DELETE CASCADE,
     name text NOT NULL,
     description text,
     provider text NOT NULL,
     model text NOT NULL,
     fallbacks json NOT NULL,
     timeout_ms integer NOT NULL,
     system_instructions text,
     structured_output_id uuid CONSTRAINT workflows_structured_output_fk REFERENCES structured_outputs (id),
     cache_fields text[] NOT NULL,
     event_name text,
     callback_timeout_seconds integer NOT NULL,
     mode text NOT NULL,
     test_delay_ms integer NOT NULL,
     offline_fallback boolean NOT NULL,
     parameters json NOT NULL,
     version integer NOT NULL,
     created_at timestamptz(3) NOT NULL,
     updated_at timestamptz(3) NOT NULL,
     CONSTRAINT workflows_name UNIQUE (project_id, name)
   )`,
  `CREATE INDEX workflows_page ON workflows (project_id, created_at, id)`,
  `CREATE INDEX workflows_structured_output ON workflows (structured_output_id)`,
  `CREATE TABLE workflow_versions (
     workflow_id uuid NOT NULL CONSTRAINT workflow_versions_workflow_fk REFERENCES workflows (id) ON DELETE CASCADE,
     number integer NOT NULL,
     definition json NOT NULL,
     actor text NOT NULL,
     changed_at timestamptz(3) NOT NULL,
     CONSTRAINT workflow_versions_pk PRIMARY KEY (workflow_id, number)
   )`,
  `CREATE TABLE webhook_endpoints (
     id uuid NOT NULL CONSTRAINT webhook_endpoints_pk PRIMARY KEY,
     project_id uuid NOT NULL CONSTRAINT webhook_endpoints_project_fk REFERENCES projects (id) ON DELETE CASCADE,
     url text NOT NULL,
     description text,
     events text[],
     active boolean NOT NULL,
     disabled_reason text,
     created_at timestamptz(3) NOT NULL,
     updated_at timestamptz(3) NOT NULL
   )`,
  `CREATE INDEX webhook_endpoints_page ON webhook_endpoints (project_id, created_at, id)`,
  `CREATE TABLE webhook_secrets (
     id uuid NOT NULL CONSTRAINT webhook_secrets_pk PRIMARY KEY,
     endpoint_id uuid NOT NULL CONSTRAINT webhook_secrets_endpoint_fk REFERENCES webhook_endpoints (id) ON DELETE CASCADE,
     secret text NOT NULL,
     expires_at timestamptz(3),
     created_at timestamptz(3) NOT NULL
   )`,
  `CREATE INDEX webhook_secrets_endpoint ON webhook_secrets (endpoint_id)`,
  `CREATE TABLE provider_credentials (
     id uuid NOT NULL CONSTRAINT provider_credentials_pk PRIMARY KEY,
     project_id uuid NOT NULL CONSTRAINT provider_credentials_project_fk REFERENCES projects (id) ON DELETE CASCADE,
     provider text NOT NULL,
     api_key text,
     api_key_hint text,
     base_url text,
     created_at timestamptz(3) NOT NULL,
     updated_at timestamptz(3) NOT NULL,
     CONSTRAINT provider_credentials_provider UNIQUE (project_id, provider)
   )`,
  `CREATE INDEX provider_credentials_page ON provider_credentials (project_id, created_at, id)`,
];
