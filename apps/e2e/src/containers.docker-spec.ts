import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NatsContainer, type StartedNatsContainer } from '@testcontainers/nats';
import { PostgreSqlContainer, type StartedPostgreSqlContainer } from '@testcontainers/postgresql';
import { eventLogContract } from '@headrace/event-log/testing';
import type { JetStream } from '@headrace/jetstream';
import { openJetStream } from '@headrace/jetstream/testing';
import { openDatabase, PostgresSettings } from '@headrace/postgres';
import { projectStoreSchema } from '@headrace/project-store';
import { readModelSchema } from '@headrace/read-model';
import { composeImage } from './support/compose-image.js';

const startLimitMs = 60_000;

describe('NATS as docker-compose.yml runs it', () => {
  let container: StartedNatsContainer;
  let jetStream: JetStream;

  beforeAll(async () => {
    container = await new NatsContainer(composeImage('nats')).withJetStream().start();
    const { servers, user, pass } = container.getConnectionOptions();
    ({ jetStream } = await openJetStream({ url: `nats://${user}:${pass}@${String(servers)}` }));
  }, startLimitMs);

  afterAll(async () => {
    await jetStream?.close();
    await container?.stop();
  });

  eventLogContract('A server in a container', () => jetStream.eventLog);
});

describe('Postgres as docker-compose.yml runs it', () => {
  let container: StartedPostgreSqlContainer;

  beforeAll(async () => {
    container = await new PostgreSqlContainer(composeImage('postgres')).start();
  }, startLimitMs);

  afterAll(async () => {
    await container?.stop();
  });

  it('takes every migration, and has nothing to migrate at the next start', async () => {
    const settings = Object.assign(new PostgresSettings(), { databaseUrl: container.getConnectionUri() });
    const parts = [projectStoreSchema, readModelSchema];
    const migrated = async (): Promise<unknown> => {
      const database = await openDatabase(settings, parts);
      try {
        return await database.query('SELECT name FROM headrace_migrations ORDER BY id');
      } finally {
        await database.destroy();
      }
    };
    const first = await migrated();
    expect(first).toHaveLength(parts.flatMap(({ migrations }) => migrations).length);
    await expect(migrated()).resolves.toEqual(first);
  });
});
