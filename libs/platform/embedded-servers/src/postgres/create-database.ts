import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';

/** Creates the database of that name unless it is known to exist; `folder` keeps the note that it does. */
export async function createDatabase(address: string, name: string, folder: string): Promise<void> {
  const note = join(folder, 'database-created');
  if (existsSync(note)) return;
  const client = new pg.Client({ connectionString: `${address}/postgres`, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    const existing = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (existing.rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
  writeFileSync(note, '');
}
