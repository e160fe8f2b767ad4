import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startConfigurationApi, type Ask, type ConfigurationApi } from '../testing/configuration.harness.js';

describe('the provider credentials API', () => {
  let api: ConfigurationApi;
  let ask: Ask;
  let projectId: string;

  beforeAll(async () => {
    api = await startConfigurationApi();
  });
  afterAll(() => api.close());
  beforeEach(async () => {
    ({ ask, projectId } = await api.aProject());
  });

  it('never show the key', async () => {
    const credential = { provider: 'openai', api_key: 'sk-proj-0123456789abcdef' };
    const created = await ask('POST', '/v1/provider-credentials', credential);
    expect(created.body).toMatchObject({ provider: 'openai', api_key: '••••cdef', base_url: null });
    const read = await ask('GET', '/v1/provider-credentials/openai');
    expect(JSON.stringify(read.body)).not.toContain('0123456789');
    expect((await api.process.store.project(projectId))?.credentials.get('openai')?.apiKey).toBe(credential.api_key);
  });

  it('refuse an inside base URL and a key that cannot be a header', async () => {
    const base = { provider: 'mine', base_url: 'http://inside.example.com/v1' };
    expect((await ask('POST', '/v1/provider-credentials', base)).body.error.param).toBe('base_url');
    const key = { provider: 'openai', api_key: 'two\r\nlines' };
    expect((await ask('POST', '/v1/provider-credentials', key)).body.error.param).toBe('api_key');
  });

  it('refuse a provider that nobody could call, and say which there are', async () => {
    const { status, body } = await ask('POST', '/v1/provider-credentials', { provider: 'opnai', api_key: 'k' });
    expect([status, body.error.param]).toEqual([400, 'provider']);
    expect(body.message).toMatch(/Use one of .*openai.*base URL/);
  });

  it('send a stored key to no other address than it was given for', async () => {
    const url = 'https://hooks.example.com';
    await ask('POST', '/v1/provider-credentials', { provider: 'openai', api_key: 'sk-proj-0123456789abcdef' });
    const change = (body: object) => ask('PATCH', '/v1/provider-credentials/openai', body);
    const refused = await change({ base_url: `${url}/v1` });
    expect([refused.status, refused.body.error.param]).toEqual([400, 'api_key']);
    expect((await change({ base_url: `${url}/v1`, api_key: 'sk-proj-another0000beef' })).status).toBe(200);
    expect((await change({ base_url: `${url}/v2` })).body).toMatchObject({
      api_key: '••••beef',
      base_url: `${url}/v2`,
    });
    expect((await change({ base_url: null })).body).toMatchObject({ api_key: '••••beef', base_url: null });
    expect((await change({ base_url: url, api_key: null })).body).toMatchObject({ api_key: null, base_url: url });
  });

  it("may have a name of the project's own, as long as they have a base URL", async () => {
    const own = { provider: 'mine', base_url: 'https://hooks.example.com/v1' };
    expect((await ask('POST', '/v1/provider-credentials', own)).status).toBe(201);
    const { status, body } = await ask('PATCH', '/v1/provider-credentials/mine', { base_url: null });
    expect([status, body.error.param]).toEqual([400, 'base_url']);
    const workflow = { name: 'demo', provider: 'mine', model: 'any' };
    expect((await ask('POST', '/v1/workflows', workflow)).body).toMatchObject({ provider: 'mine', warnings: [] });
  });
});
