import { randomUUID } from 'node:crypto';
import pg from 'pg';

/** An empty database of a test file's own, on the cluster of the test run. */
export interface TestDatabase {
  readonly url: string;
  /** Ends all its connections and removes it. */
  drop(): Promise<void>;
}

/** Makes an empty database. Call `drop` in `afterAll`. */
export async function startPostgresDatabase(): Promise<TestDatabase> {
  const cluster = process.env['HEADRACE_TEST_POSTGRES_URL'];
  if (!cluster) {
    throw new Error(
      'HEADRACE_TEST_POSTGRES_URL is not set: tools/dev/jest-servers.mjs sets it for *.int-spec.ts and *.e2e-spec.ts',
    );
  }
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await onCluster(cluster, `CREATE DATABASE ${name}`);
  const url = new URL(cluster);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => onCluster(cluster, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

async function onCluster(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
