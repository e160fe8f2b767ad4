import { describe, expect, it } from '@jest/globals';
import { openDatabase, PostgresSettings } from '@headrace/postgres';
import { startPostgresDatabase } from '@headrace/testing';
import { readModelSchema } from './read-model.schema.js';

describe('the schema of the read model', () => {
  it('is after the migrations what the entities say', async () => {
    const database = await startPostgresDatabase();
    const settings = Object.assign(new PostgresSettings(), { databaseUrl: database.url });
    const dataSource = await openDatabase(settings, [readModelSchema]);
    try {
      const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
      expect(upQueries.map(({ query }) => query)).toEqual([]);
    } finally {
      await dataSource.destroy();
      await database.drop();
    }
  });
});
