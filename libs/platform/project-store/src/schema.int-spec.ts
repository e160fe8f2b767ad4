import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startProjectStore, type ProjectStoreHarness } from './testing/index.js';

describe('the schema of the project store', () => {
  let harness: ProjectStoreHarness;
  beforeAll(async () => {
    harness = await startProjectStore();
  });
  afterAll(() => harness.close());

  it('is after the migrations what the entities say', async () => {
    const { dataSource } = await harness.process();
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });
});
