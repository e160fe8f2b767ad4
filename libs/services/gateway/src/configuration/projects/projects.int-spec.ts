import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  adminToken,
  startConfigurationApi,
  type Ask,
  type ConfigurationApi,
} from '../testing/configuration.harness.js';

describe('the projects API', () => {
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

  it('are made by the administrator, with a first key that works', async () => {
    const { status, body } = await ask('POST', '/v1/projects', { name: 'New' }, adminToken);
    expect(status).toBe(201);
    const { id, api_key } = body as unknown as { id: string; api_key: { key: string } };
    expect((await ask('GET', '/v1/projects', undefined, api_key.key)).body).toMatchObject({ data: [{ id }] });
  });

  it('are not made with a project key, and the answer says what to do', async () => {
    const { status, body } = await ask('POST', '/v1/projects', { name: 'New' });
    expect([status, body.error.code]).toEqual([403, 'permission_error']);
    expect(body.message).toContain("Send the server's HEADRACE_ADMIN_TOKEN");
    expect((await ask('POST', '/v1/projects', { name: 'New' }, 'a-wrong-token')).status).toBe(401);
  });

  it('cannot be made while no administrator token is set', async () => {
    const without = await startConfigurationApi({ adminToken: undefined });
    try {
      const { ask: askThere } = await without.aProject();
      const { status, body } = await askThere('POST', '/v1/projects', { name: 'New' });
      expect(status).toBe(403);
      expect(body.message).toContain('Set HEADRACE_ADMIN_TOKEN on the server');
    } finally {
      await without.close();
    }
  });

  it('are renamed by their own key, but not by that of another', async () => {
    expect((await ask('PATCH', `/v1/projects/${projectId}`, { name: 'Store' })).body).toMatchObject({
      name: 'Store',
    });
    const other = await api.process.projects.create({ name: 'Other' });
    expect((await ask('PATCH', `/v1/projects/${other.id}`, { name: 'Mine' })).status).toBe(403);
    expect((await ask('GET', `/v1/projects/${other.id}`, undefined, adminToken)).status).toBe(200);
  });

  it('answer 403 to their keys while they are inactive, until the administrator activates them', async () => {
    await ask('PATCH', `/v1/projects/${projectId}`, { active: false });
    expect((await ask('GET', '/v1/workflows')).status).toBe(403);
    await ask('PATCH', `/v1/projects/${projectId}`, { active: true }, adminToken);
    expect((await ask('GET', '/v1/workflows')).status).toBe(200);
  });

  it('say when failed webhooks are tried again, until it is taken back', async () => {
    const path = `/v1/projects/${projectId}`;
    expect((await ask('GET', path)).body).toMatchObject({ retry: null });
    const retry = { attempts: 3, initial_seconds: 1, factor: 2, max_seconds: 10 };
    expect((await ask('PATCH', path, { retry })).body).toMatchObject({ retry });
    expect((await ask('PATCH', path, { name: 'Store' })).body).toMatchObject({ retry });
    const stored = { attempts: 3, initialSeconds: 1, factor: 2, maxSeconds: 10 };
    expect(await api.process.store.project(projectId)).toMatchObject({ retry: stored });
    expect((await ask('PATCH', path, { retry: null })).body).toMatchObject({ retry: null });
  });

  it('are made with a retry policy, and refuse one that contradicts itself', async () => {
    const retry = { schedule_seconds: [0, 5] };
    expect((await ask('POST', '/v1/projects', { name: 'New', retry }, adminToken)).body).toMatchObject({ retry });
    const wrong = { schedule_seconds: [0, -5] };
    for (const [method, path] of [
      ['POST', ''],
      ['PATCH', `/${projectId}`],
    ] as const) {
      const { status, body } = await ask(method, `/v1/projects${path}`, { name: 'New', retry: wrong }, adminToken);
      expect([status, body.error.param]).toEqual([400, 'retry.schedule_seconds.1']);
    }
  });

  it('get a new signing secret, shown once, that signs from then on; not for another project', async () => {
    const { status, body } = await ask('POST', `/v1/projects/${projectId}/rotate-signing-secret`);
    const { signing_secret: secret } = body as unknown as { signing_secret: string };
    expect([status, secret]).toEqual([200, expect.stringMatching(/^whsec_/)]);
    expect((await api.process.store.project(projectId))?.signingSecret).toBe(secret);
    const other = await api.process.projects.create({ name: 'Other' });
    expect((await ask('POST', `/v1/projects/${other.id}/rotate-signing-secret`)).status).toBe(403);
  });

  it('get a new key from the administrator when all have expired', async () => {
    const { body } = await ask('POST', `/v1/projects/${projectId}/api-keys`, { name: 'again' }, adminToken);
    const { key } = body as unknown as { key: string };
    expect(key).toMatch(/^mr_live_/);
    expect((await ask('GET', '/v1/workflows', undefined, key)).status).toBe(200);
  });
});
