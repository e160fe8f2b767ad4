import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  adminToken,
  startConfigurationApi,
  type ConfigurationApi,
} from '../configuration/testing/configuration.harness.js';
import { LimitsModule } from '../limits/limits.module.js';

describe('the budgets API', () => {
  let api: ConfigurationApi;
  let projectId: string;
  let apiKey: string;

  beforeAll(async () => {
    api = await startConfigurationApi(undefined, [LimitsModule]);
  });
  afterAll(() => api.close());
  beforeEach(async () => {
    ({ projectId, apiKey } = await api.aProject());
    api.spent.length = 0;
  });

  const ask = (method: string, token: string, body?: unknown, id = projectId) =>
    api.ask(method, `/v1/projects/${id}/budgets`, { body, headers: { authorization: `Bearer ${token}` } });
  const monthly = { name: 'monthly', period: 'month', alert_usd: 80, limit_usd: 100 };

  it('has none at first, and then those that were put, with what is spent of them', async () => {
    expect(await ask('GET', apiKey)).toMatchObject({ status: 200, body: { budgets: [] } });
    const [key] = (await api.process.keys.list(projectId, { limit: 1 })).items;
    api.spent.push({ day: new Date().toISOString().slice(0, 10), keyId: String(key?.id), usd: 90 });
    const daily = { name: 'daily', period: 'day', api_key_id: key?.id, limit_usd: 5 };
    const { status, body } = await ask('PUT', adminToken, { budgets: [monthly, daily] });
    expect(status).toBe(200);
    expect(body['budgets']).toMatchObject([
      { ...monthly, api_key_id: null, spent_usd: 90, state: 'alerting' },
      { ...daily, alert_usd: null, spent_usd: 90, state: 'used_up' },
    ]);
    expect((await ask('GET', apiKey)).body).toEqual(body);
    expect((await api.process.store.project(projectId))?.budgets).toMatchObject([
      { name: 'monthly', period: 'month', keyId: null, alertUsd: 80, limitUsd: 100 },
      { name: 'daily', keyId: key?.id, alertUsd: null, limitUsd: 5 },
    ]);
  });

  it('lets only the administrator change them where there is one, and other projects see nothing', async () => {
    expect((await ask('PUT', apiKey, { budgets: [] })).status).toBe(403);
    const { apiKey: other } = await api.aProject();
    expect((await ask('GET', other)).status).toBe(403);
  });

  it.each([
    ['budgets', {}],
    ['budgets.0.name', { budgets: [{ ...monthly, name: '' }] }],
    ['budgets.0.apiKeyId', { budgets: [{ ...monthly, apiKeyId: 'k1' }] }],
    ['budgets.1.name', { budgets: [monthly, monthly] }],
    ['budgets.0.period', { budgets: [{ ...monthly, period: 'year' }] }],
    ['budgets.0.limit_usd', { budgets: [{ ...monthly, limit_usd: -1 }] }],
    ['budgets.0.alert_usd', { budgets: [{ ...monthly, alert_usd: '80' }] }],
    ['budgets.0.limit_usd', { budgets: [{ name: 'none', period: 'day' }] }],
    ['budgets.0.api_key_id', { budgets: [{ ...monthly, api_key_id: '0198d6a0-0000-7000-8000-00000000ffff' }] }],
  ])('names %s in %j', async (param, body) => {
    const { status, body: answer } = await ask('PUT', adminToken, body);
    expect([status, answer.error.param]).toEqual([400, param]);
  });
});
