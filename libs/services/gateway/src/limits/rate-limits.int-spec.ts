import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  adminToken,
  startConfigurationApi,
  type ConfigurationApi,
} from '../configuration/testing/configuration.harness.js';
import { LimitsModule } from './limits.module.js';

describe('the rate limits API', () => {
  let api: ConfigurationApi;
  let projectId: string;
  let apiKey: string;

  beforeAll(async () => {
    api = await startConfigurationApi(undefined, [LimitsModule]);
  });
  afterAll(() => api.close());
  beforeEach(async () => {
    ({ projectId, apiKey } = await api.aProject());
  });

  const ask = (method: string, token: string, body?: unknown, id = projectId) =>
    api.ask(method, `/v1/projects/${id}/rate-limits`, { body, headers: { authorization: `Bearer ${token}` } });
  const nothing = { project: null, key: null, user: null, ip: null, keys: {}, concurrent: null };

  it('has no limits at first, and then those that were put, in every process', async () => {
    expect(await ask('GET', apiKey)).toMatchObject({ status: 200, body: nothing });
    const [key] = (await api.process.keys.list(projectId, { limit: 1 })).items;
    const limits = {
      user: { requests: 10, seconds: 60 },
      keys: { [String(key?.id)]: { requests: 1_000, seconds: 1 } },
      concurrent: 20,
    };
    expect(await ask('PUT', adminToken, limits)).toMatchObject({ status: 200, body: { ...nothing, ...limits } });
    expect((await ask('GET', apiKey)).body).toEqual({ ...nothing, ...limits });
    expect((await api.process.store.project(projectId))?.rateLimits).toEqual({ ...nothing, ...limits });
    await ask('PUT', adminToken, {});
    expect((await api.process.store.project(projectId))?.rateLimits).toBeNull();
  });

  it('lets only the administrator change them where there is one', async () => {
    expect((await ask('PUT', apiKey, {})).status).toBe(403);
    const { apiKey: other } = await api.aProject();
    expect((await ask('GET', other)).status).toBe(403);
  });

  it('is 404 for an unknown project', async () => {
    expect((await ask('PUT', adminToken, {}, '0198d6a0-0000-7000-8000-00000000ffff')).status).toBe(404);
  });

  it.each([
    ['project.requests', { project: { requests: 0, seconds: 1 } }],
    ['project.seconds', { project: { requests: 1 } }],
    ['user.requests', { user: { requests: 1.5, seconds: 1 } }],
    ['ip.requests', { ip: 'many' }],
    ['concurrent', { concurrent: 0 }],
    ['keys', { keys: [] }],
    ['users', { users: { requests: 1, seconds: 1 } }],
    ['user.burst', { user: { requests: 1, seconds: 1, burst: 5 } }],
    ['keys.k1.seconds', { keys: { k1: { requests: 1, seconds: 100_000 } } }],
    [
      'keys.0198d6a0-0000-7000-8000-00000000ffff',
      { keys: { '0198d6a0-0000-7000-8000-00000000ffff': { requests: 1, seconds: 1 } } },
    ],
  ])('names %s in %j', async (param, body) => {
    const { status, body: answer } = await ask('PUT', adminToken, body);
    expect([status, answer.error.param]).toEqual([400, param]);
  });
});
