import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  adminToken,
  startConfigurationApi,
  type ConfigurationApi,
} from '../configuration/testing/configuration.harness.js';
import { PricesModule } from './prices.module.js';

describe('the prices API', () => {
  let api: ConfigurationApi;
  let apiKey: string;

  beforeAll(async () => {
    api = await startConfigurationApi(undefined, [PricesModule]);
  });
  afterAll(() => api.close());
  beforeEach(async () => {
    ({ apiKey } = await api.aProject());
  });

  const ask = (method: string, body?: unknown, token = adminToken, path = '/v1/prices') =>
    api.ask(method, path, { body, headers: { authorization: `Bearer ${token}` } });
  const names = { provider: 'azure-openai', model: 'my-deployment' };
  const cached = { cached_input_usd: 0.5, cache_write_usd: 2.5, cache_write_1h_usd: 4 };
  const own = { ...names, input_usd: 2, output_usd: 8, ...cached };
  const uncached = { cached_input_usd: null, cache_write_usd: null, cache_write_1h_usd: null };

  it('lists the prices that come along, with their date and source', async () => {
    const { body } = await ask('GET', undefined, apiKey);
    expect(body).toMatchObject({ list: { date: expect.any(String), source: expect.stringContaining('check them') } });
    expect(body['data']).toContainEqual(
      expect.objectContaining({ provider: 'openai', model: 'gpt-4o', input_usd: 2.5, source: 'list' }),
    );
  });

  it("puts the operator's prices in front of them, in every process, and keeps what was before", async () => {
    const cheaper = { provider: 'openai', model: 'gpt-4o', input_usd: 1, output_usd: 2 };
    const first = await ask('PUT', { prices: [own, cheaper], note: 'Our contract' });
    const version = Number(first.body['version']);
    expect(first).toMatchObject({
      status: 200,
      body: { note: 'Our contract', prices: [own, { ...cheaper, ...uncached }] },
    });
    const listed = (await ask('GET', undefined, apiKey)).body['data'];
    expect(listed).toContainEqual({ ...own, source: 'own' });
    expect(listed).toContainEqual({ ...cheaper, ...uncached, source: 'own' });
    await ask('PUT', { prices: [] });
    expect((await ask('GET')).body).toMatchObject({ version: version + 1 });
    const { body: history } = await ask('GET', undefined, adminToken, '/v1/prices/versions');
    expect(history['data']).toMatchObject([
      { version: version + 1, prices: [] },
      { version, note: 'Our contract' },
    ]);
    await api.process.prices.refresh();
    expect(api.process.prices.current.version).toBe(version + 1);
  });

  it('gives one of two changes at the same moment a conflict, or puts them one after the other', async () => {
    const answers = await Promise.all([ask('PUT', { prices: [own] }), ask('PUT', { prices: [] })]);
    const statuses = answers.map(({ status }) => status).sort();
    expect([
      [200, 200],
      [200, 409],
    ]).toContainEqual(statuses);
  });

  it("is the administrator's to change", async () => {
    expect((await ask('PUT', { prices: [] }, apiKey)).status).toBe(403);
    expect((await ask('GET', undefined, apiKey, '/v1/prices/versions')).status).toBe(403);
    expect((await ask('GET', undefined, 'nobody')).status).toBe(401);
  });

  it.each([
    ['prices', {}],
    ['prices.0', { prices: [7] }],
    ['prices.0.provider', { prices: [{ ...own, provider: '' }] }],
    ['prices.0.input_usd', { prices: [{ ...own, input_usd: -1 }] }],
    ['prices.0.cache_write_usd', { prices: [{ ...own, cache_write_usd: 'much' }] }],
    ['prices.0.output_usd', { prices: [{ ...own, output_usd: '8' }] }],
    ['prices.0.cached_input_usd', { prices: [{ ...own, cached_input_usd: 1e9 }] }],
    ['prices.0.cached_usd', { prices: [{ ...own, cached_usd: 1 }] }],
    ['prices.1', { prices: [own, own] }],
    ['note', { prices: [], note: 7 }],
  ])('names %s in %j', async (param, body) => {
    const { status, body: answer } = await ask('PUT', body);
    expect([status, answer.error.param]).toEqual([400, param]);
  });
});
