import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { startConfigurationApi, type Ask, type ConfigurationApi } from '../testing/configuration.harness.js';

const nowhere = '00000000-0000-4000-8000-000000000000';
const aWorkflow = { name: 'demo', provider: 'offline', model: 'any' };

describe('the workflows API', () => {
  let api: ConfigurationApi;
  let ask: Ask;

  beforeAll(async () => {
    api = await startConfigurationApi();
  });
  afterAll(() => api.close());
  beforeEach(async () => {
    ({ ask } = await api.aProject());
  });

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
    const stranger = await api.process.projects.create({ name: 'Other' });
    const { value } = await api.process.keys.create(stranger.id, { name: 'main', expiresInDays: null });
    expect((await ask('GET', '/v1/workflows/demo', undefined, value)).status).toBe(404);
    expect((await api.ask('GET', '/v1/workflows')).status).toBe(401);
  });

  it('answers 503 while the database is away', async () => {
    await ask('GET', '/v1/workflows');
    const away = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const find = jest.spyOn(api.process.workflows, 'find').mockRejectedValue(away);
    const { status, body, headers } = await ask('GET', '/v1/workflows/demo');
    find.mockRestore();
    expect([status, body.error.code]).toEqual([503, 'service_unavailable']);
    expect(headers.get('retry-after')).toBe('1');
  });
});
