import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { startHttp, type Answer, type HttpHarness } from '@headrace/http/testing';
import { AddressPolicy, OutboundHttpSettings } from '@headrace/outbound-http';
import {
  ApiKeyAdministration,
  ProjectAdministration,
  ProjectStore,
  ProviderCredentialAdministration,
  StructuredOutputAdministration,
  WebhookEndpointAdministration,
  WorkflowAdministration,
} from '@headrace/project-store';
import { startProjectStore, type ProjectStoreHarness, type ProjectStoreProcess } from '@headrace/project-store/testing';
import { AdministrationSettings } from './administration.config.js';
import { ConfigurationModule } from './configuration.module.js';

const adminToken = 'the-token-of-the-administrator';
const nowhere = '00000000-0000-4000-8000-000000000000';

/** `hooks.example.com` is public, `inside.example.com` is not, other names do not exist. */
const resolveHost = (host: string) => {
  const address = { 'hooks.example.com': '93.184.215.14', 'inside.example.com': '10.0.0.7' }[host];
  return address ? Promise.resolve([{ address, family: 4 as const }]) : Promise.reject(new Error('ENOTFOUND'));
};

describe('the configuration API', () => {
  let stores: ProjectStoreHarness;
  let store: ProjectStoreProcess;
  let http: HttpHarness;
  let projectId: string;
  let apiKey: string;

  const start = (settings: Partial<AdministrationSettings>): Promise<HttpHarness> =>
    startHttp({
      modules: [ConfigurationModule],
      providers: [
        { provide: ProjectStore, useValue: store.store },
        { provide: ProjectAdministration, useValue: store.projects },
        { provide: ApiKeyAdministration, useValue: store.keys },
        { provide: WorkflowAdministration, useValue: store.workflows },
        { provide: StructuredOutputAdministration, useValue: store.outputs },
        { provide: WebhookEndpointAdministration, useValue: store.endpoints },
        { provide: ProviderCredentialAdministration, useValue: store.credentials },
        { provide: AddressPolicy, useValue: new AddressPolicy(new OutboundHttpSettings(), resolveHost) },
        { provide: AdministrationSettings, useValue: Object.assign(new AdministrationSettings(), settings) },
      ],
    });

  beforeAll(async () => {
    stores = await startProjectStore();
    store = await stores.process();
    http = await start({ adminToken });
  });
  afterAll(async () => {
    await http.close();
    await stores.close();
  });
  beforeEach(async () => {
    ({ id: projectId } = await store.projects.create({ name: 'Shop' }));
    ({ value: apiKey } = await store.keys.create(projectId, { name: 'main', expiresInDays: null }));
  });

  const ask = (method: string, path: string, body?: unknown, key = apiKey): Promise<Answer> =>
    http.ask(method, path, { body, headers: { authorization: `Bearer ${key}` } });
  const aWorkflow = { name: 'demo', provider: 'offline', model: 'any' };

  describe('workflows', () => {
    it('are saved, found by id and name, changed and removed, under each alias', async () => {
      const created = await ask('POST', '/console/workflow', { ...aWorkflow, something_new: 1, callback_timeout: 60 });
      expect(created.status).toBe(201);
      expect(created.body).toMatchObject({ name: 'demo', version: 1, callback_timeout: 60, fallbacks: [] });
      const { id } = created.body as unknown as { id: string };
      expect((await ask('GET', `/v1/workflows/${id}`)).body).toEqual(created.body);
      expect((await ask('GET', '/console/workflows/demo')).body).toEqual(created.body);
      const fallbacks = [{ provider: 'openai', model: 'small', timeout_ms: 500 }];
      const changed = await ask('PATCH', '/v1/workflows/demo', { fallbacks, event_name: 'ready', mode: 'testing' });
      expect(changed.body).toMatchObject({ version: 2, fallbacks, event_name: 'ready', mode: 'testing' });
      expect((await ask('DELETE', '/console/workflow/demo')).body).toEqual({ id, deleted: true });
      expect((await ask('GET', `/v1/workflows/${id}`)).status).toBe(404);
    });

    it('take null for the default', async () => {
      await ask('POST', '/v1/workflows', { ...aWorkflow, timeout_ms: 500, event_name: 'ready', cache_fields: ['a'] });
      const reset = { timeout_ms: null, event_name: null, cache_fields: null };
      expect((await ask('PATCH', '/v1/workflows/demo', reset)).body).toMatchObject({
        timeout_ms: 60_000,
        event_name: null,
        cache_fields: [],
      });
    });

    it('keep their versions with who made them', async () => {
      await ask('POST', '/v1/workflows', aWorkflow);
      await ask('PATCH', '/v1/workflows/demo', { model: 'large' });
      const { body } = await ask('GET', '/v1/workflows/demo/versions');
      expect(body).toMatchObject({
        data: [
          { version: 2, workflow: { model: 'large' }, actor: expect.stringMatching(/^key:/) },
          { version: 1, workflow: { model: 'any' } },
        ],
      });
    });

    it('name every wrong field', async () => {
      const { status, body } = await ask('POST', '/v1/workflows', {
        name: ' ',
        provider: 'offline',
        fallbacks: [{ provider: 'x', model: 'y' }, { provider: 'x' }],
        timeout_ms: 'soon',
        mode: 'staging',
        callback_timeout_seconds: 0,
      });
      expect(status).toBe(400);
      expect(body.error).toMatchObject({ code: 'invalid_request_error' });
      expect(body.error.details?.map(({ param }) => param).toSorted()).toEqual(
        ['callback_timeout_seconds', 'fallbacks.1.model', 'mode', 'model', 'name', 'timeout_ms'].toSorted(),
      );
    });

    it('do not take null for what they must have', async () => {
      await ask('POST', '/v1/workflows', aWorkflow);
      const { status, body } = await ask('PATCH', '/v1/workflows/demo', { name: null });
      expect([status, body.error.param]).toEqual([400, 'name']);
    });

    it('answer 409 for a name that is taken, 400 for a structured output that is not there', async () => {
      await ask('POST', '/v1/workflows', aWorkflow);
      const taken = await ask('POST', '/v1/workflows', aWorkflow);
      expect([taken.status, taken.body.error.code, taken.body.error.param]).toEqual([409, 'conflict', 'name']);
      const missing = await ask('POST', '/v1/workflows', { ...aWorkflow, name: 'x', structured_output_id: nowhere });
      expect([missing.status, missing.body.error.param]).toEqual([400, 'structured_output_id']);
    });

    it('refuse characters that cannot be stored, instead of failing', async () => {
      const { status, body } = await ask('POST', '/v1/workflows', { ...aWorkflow, description: 'a\0b' });
      expect([status, body.error.code]).toEqual([400, 'invalid_request_error']);
    });

    it('are listed in pages, and by name', async () => {
      for (const name of ['a', 'b', 'c']) await ask('POST', '/v1/workflows', { ...aWorkflow, name });
      type List = { data: { name: string }[]; next_cursor: string | null };
      const first = (await ask('GET', '/v1/workflows?limit=2')).body as unknown as List;
      const second = (await ask('GET', `/v1/workflows?limit=2&cursor=${first.next_cursor}`)).body as unknown as List;
      expect([...first.data, ...second.data].map(({ name }) => name).toSorted()).toEqual(['a', 'b', 'c']);
      expect(second.next_cursor).toBeNull();
      expect((await ask('GET', '/v1/workflows?name=b')).body).toMatchObject({ data: [{ name: 'b' }] });
    });

    it.each([
      ['limit=101', 'limit'],
      ['limit=x', 'limit'],
      ['cursor=nonsense', 'cursor'],
    ])('refuse a page of %s', async (query, param) => {
      const { status, body } = await ask('GET', `/v1/workflows?${query}`);
      expect([status, body.error.param]).toEqual([400, param]);
    });

    it('of another project do not exist, and no key means 401', async () => {
      await ask('POST', '/v1/workflows', aWorkflow);
      const stranger = await store.projects.create({ name: 'Other' });
      const { value } = await store.keys.create(stranger.id, { name: 'main', expiresInDays: null });
      expect((await ask('GET', '/v1/workflows/demo', undefined, value)).status).toBe(404);
      expect((await http.ask('GET', '/v1/workflows')).status).toBe(401);
    });
  });

  describe('structured outputs', () => {
    const schema = {
      type: 'object',
      properties: { z: { type: 'string' }, a: { $ref: '#/$defs/n' } },
      $defs: { n: {} },
    };

    it('keep schema and sample data as they are', async () => {
      const sample_data = { z: 'text', a: [1, null] };
      const { status, body } = await ask('POST', '/v1/structured-outputs', { name: 'Answer', schema, sample_data });
      expect(status).toBe(201);
      const { body: read } = await ask('GET', '/v1/structured-outputs/Answer');
      expect(JSON.stringify(read)).toBe(JSON.stringify(body));
      expect(JSON.stringify(body)).toContain(JSON.stringify(sample_data));
    });

    it('are not removed while a workflow uses them', async () => {
      const { body } = await ask('POST', '/v1/structured-outputs', { name: 'Answer', schema });
      const { id } = body as unknown as { id: string };
      await ask('POST', '/v1/workflows', { ...aWorkflow, structured_output_id: id });
      const refused = await ask('DELETE', `/v1/structured-outputs/${id}`);
      expect([refused.status, refused.body.error.code]).toEqual([409, 'conflict']);
      expect(refused.body.message).toContain('"demo"');
      await ask('DELETE', '/v1/workflows/demo');
      expect((await ask('DELETE', `/v1/structured-outputs/${id}`)).status).toBe(200);
    });

    it('are refused with the place and keyword that are wrong', async () => {
      const wrong = { type: 'object', properties: { age: { type: 'whole' } } };
      const { status, body } = await ask('POST', '/v1/structured-outputs', { name: 'Answer', schema: wrong });
      expect(status).toBe(400);
      expect(body.error.param).toBe('schema.properties.age.type');
      expect(body.message).toMatch(/\((enum|anyOf)\)/);
    });
  });

  describe('webhooks', () => {
    it('show their secret only when they are made', async () => {
      const created = await ask('POST', '/v1/webhooks', { url: 'https://hooks.example.com/x' });
      expect(created.status).toBe(201);
      const { secret, ...rest } = created.body as unknown as { id: string; secret: string };
      expect(secret).toMatch(/^whsec_/);
      expect(rest).toMatchObject({ url: 'https://hooks.example.com/x', events: null, active: true });
      expect((await ask('GET', `/v1/webhooks/${rest.id}`)).body).toEqual(rest);
      expect((await ask('GET', '/v1/webhooks')).body).toEqual({ data: [rest], next_cursor: null });
    });

    it('are changed, rotated and removed', async () => {
      const { body } = await ask('POST', '/v1/webhooks', { url: 'https://hooks.example.com/x' });
      const { id, secret } = body as unknown as { id: string; secret: string };
      const changes = { events: ['task.failed'], active: false, description: 'Alerts' };
      expect((await ask('PATCH', `/v1/webhooks/${id}`, changes)).body).toMatchObject(changes);
      const rotated = await ask('POST', `/v1/webhooks/${id}/rotate-secret`, { overlap_hours: 1 });
      expect(rotated.body).toMatchObject({ id, secret: expect.stringMatching(/^whsec_/) });
      const { secret: fresh } = rotated.body as unknown as { secret: string };
      expect((await store.store.project(projectId))?.endpoints[0]?.secrets).toEqual([fresh, secret]);
      expect((await ask('DELETE', `/v1/webhooks/${id}`)).body).toEqual({ id, deleted: true });
      expect((await ask('DELETE', `/v1/webhooks/${id}`)).status).toBe(404);
    });

    it.each([
      ['a private address', { url: 'https://inside.example.com/' }, 'url'],
      ['no URL', { url: 'ftp://hooks.example.com/' }, 'url'],
      ['an unknown type', { url: 'https://hooks.example.com/', events: ['task.started'] }, 'events'],
      ['no type at all', { url: 'https://hooks.example.com/', events: [] }, 'events'],
    ])('refuse %s', async (_case, webhook, param) => {
      const { status, body } = await ask('POST', '/v1/webhooks', webhook);
      expect([status, body.error.param]).toEqual([400, param]);
    });

    it('do not become an inside address by a change', async () => {
      const { body } = await ask('POST', '/v1/webhooks', { url: 'https://hooks.example.com/x' });
      const { id } = body as unknown as { id: string };
      expect((await ask('PATCH', `/v1/webhooks/${id}`, { url: 'http://inside.example.com/' })).status).toBe(400);
      expect((await ask('GET', `/v1/webhooks/${id}`)).body).toMatchObject({ url: 'https://hooks.example.com/x' });
    });
  });

  describe('provider credentials', () => {
    it('never show the key', async () => {
      const credential = { provider: 'openai', api_key: 'sk-proj-0123456789abcdef' };
      const created = await ask('POST', '/v1/provider-credentials', credential);
      expect(created.body).toMatchObject({ provider: 'openai', api_key: '••••cdef', base_url: null });
      const read = await ask('GET', '/v1/provider-credentials/openai');
      expect(JSON.stringify(read.body)).not.toContain('0123456789');
      expect((await store.store.project(projectId))?.credentials.get('openai')?.apiKey).toBe(credential.api_key);
    });

    it('refuse an inside base URL and a key that cannot be a header', async () => {
      const base = { provider: 'mine', base_url: 'http://inside.example.com/v1' };
      expect((await ask('POST', '/v1/provider-credentials', base)).body.error.param).toBe('base_url');
      const key = { provider: 'mine', api_key: 'two\r\nlines' };
      expect((await ask('POST', '/v1/provider-credentials', key)).body.error.param).toBe('api_key');
    });
  });

  describe('API keys', () => {
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

  describe('projects', () => {
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
      const without = await start({});
      try {
        const headers = { authorization: `Bearer ${apiKey}` };
        const { status, body } = await without.ask('POST', '/v1/projects', { body: { name: 'New' }, headers });
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
      const other = await store.projects.create({ name: 'Other' });
      expect((await ask('PATCH', `/v1/projects/${other.id}`, { name: 'Mine' })).status).toBe(403);
      expect((await ask('GET', `/v1/projects/${other.id}`, undefined, adminToken)).status).toBe(200);
    });

    it('answer 403 to their keys while they are inactive, until the administrator activates them', async () => {
      await ask('PATCH', `/v1/projects/${projectId}`, { active: false });
      expect((await ask('GET', '/v1/workflows')).status).toBe(403);
      await ask('PATCH', `/v1/projects/${projectId}`, { active: true }, adminToken);
      expect((await ask('GET', '/v1/workflows')).status).toBe(200);
    });

    it('get a new key from the administrator when all have expired', async () => {
      const { body } = await ask('POST', `/v1/projects/${projectId}/api-keys`, { name: 'again' }, adminToken);
      const { key } = body as unknown as { key: string };
      expect(key).toMatch(/^mr_live_/);
      expect((await ask('GET', '/v1/workflows', undefined, key)).status).toBe(200);
    });
  });

  it('answers 503 while the database is away', async () => {
    await ask('GET', '/v1/workflows');
    const away = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const find = jest.spyOn(store.workflows, 'find').mockRejectedValue(away);
    const { status, body, headers } = await ask('GET', '/v1/workflows/demo');
    find.mockRestore();
    expect([status, body.error.code]).toEqual([503, 'service_unavailable']);
    expect(headers.get('retry-after')).toBe('1');
  });
});
