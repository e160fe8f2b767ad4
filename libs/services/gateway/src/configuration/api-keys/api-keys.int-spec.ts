import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startConfigurationApi, type Ask, type ConfigurationApi } from '../testing/configuration.harness.js';

describe('the API keys API', () => {
  let api: ConfigurationApi;
  let ask: Ask;

  beforeAll(async () => {
    api = await startConfigurationApi();
  });
  afterAll(() => api.close());
  beforeEach(async () => {
    ({ ask } = await api.aProject());
  });

  it('work from the moment they are shown until the moment they are revoked', async () => {
    const { body } = await ask('POST', '/v1/api-keys', { name: 'laptop', expires_in_days: 7 });
    const { id, key, expires_at } = body as unknown as { id: string; key: string; expires_at: string };
    expect(Date.parse(expires_at) - Date.now()).toBeGreaterThan(6.9 * 86_400_000);
    expect((await ask('GET', `/v1/api-keys/${id}`, undefined, key)).body).not.toHaveProperty('key');
    const revoked = await ask('DELETE', `/v1/api-keys/${id}`);
    expect(revoked.body).toMatchObject({ id, revoked_at: expect.any(String) });
    expect((await ask('GET', '/v1/api-keys', undefined, key)).status).toBe(401);
  });

  it('expire only after the days that are offered', async () => {
    const { status, body } = await ask('POST', '/v1/api-keys', { name: 'laptop', expires_in_days: 2 });
    expect([status, body.error.param]).toEqual([400, 'expires_in_days']);
  });
});
