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
    const created = await ask('POST', '/console/workflow', { ...aWorkflow, callback_timeout: 60 });
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

  it('are saved without fields that they do not have, and say so', async () => {
    const unknown = { something_new: 1, retries: 3, fallbacks: [{ provider: 'offline', model: 'b', timeout: 9 }] };
    const { status, body } = await ask('POST', '/v1/workflows', { ...aWorkflow, ...unknown, parameters: { any: 1 } });
    expect([status, body['warnings']]).toEqual([
      201,
      expect.arrayContaining(
        ['something_new', 'retries', 'fallbacks.0.timeout'].map((param) => ({
          ...{ code: 'unknown_field', param },
          message: `${param}: a workflow has no field of this name, so it was left out. Correct it, or take it away.`,
        })),
      ),
    ]);
    // What it shows may be sent back as it is.
    const shown = (await ask('GET', '/v1/workflows/demo')).body;
    expect((await ask('PATCH', '/v1/workflows/demo', { ...shown, model: 'other' })).body).toMatchObject({
      model: 'other',
      warnings: [],
    });
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

  it('keep what they say of retries, repair, limits, urgency and caching', async () => {
    const said = {
      retry: { attempts: 3, initial_seconds: 0.5, factor: 1.5, max_seconds: 20 },
      repair_attempts: 2,
      max_concurrent: 4,
      priority: 'high',
      expires_after_seconds: 60,
      cache_seconds: 600,
      stream: true,
      max_tool_rounds: 3,
      reminder_seconds: [3_600, 86_400],
      callback_timeout_seconds: 2_419_200,
    };
    expect((await ask('POST', '/v1/workflows', { ...aWorkflow, ...said })).body).toMatchObject(said);
    expect((await ask('GET', '/v1/workflows/demo')).body).toMatchObject(said);
    const unsaid = Object.fromEntries(Object.keys(said).map((field) => [field, null]));
    expect((await ask('PATCH', '/v1/workflows/demo', unsaid)).body).toMatchObject({
      retry: null,
      repair_attempts: 1,
      max_concurrent: null,
      priority: 'normal',
      expires_after_seconds: null,
      cache_seconds: null,
      max_tool_rounds: 8,
      reminder_seconds: null,
      stream: null,
      callback_timeout_seconds: 300,
    });
    const retry = { attempts: 2 };
    expect((await ask('PATCH', '/v1/workflows/demo', { retry })).body).toMatchObject({
      retry: { attempts: 2, initial_seconds: 1, factor: 2, max_seconds: 30 },
    });
  });

  it.each([
    ['retry', { retry: 3 }],
    ['retry', { retry: [] }],
    ['retry.attempts', { retry: {} }],
    ['retry.attempts', { retry: { attempts: 11 } }],
    ['retry.factor', { retry: { attempts: 2, factor: 0.5 } }],
    ['retry.max_seconds', { retry: { attempts: 2, max_seconds: 601 } }],
    ['repair_attempts', { repair_attempts: 6 }],
    ['max_concurrent', { max_concurrent: 0 }],
    ['priority', { priority: 'urgent' }],
    ['expires_after_seconds', { expires_after_seconds: 0.5 }],
    ['cache_seconds', { cache_seconds: 0 }],
    ['max_tool_rounds', { max_tool_rounds: 0 }],
    ['reminder_seconds', { reminder_seconds: 5 }],
    ['reminder_seconds', { reminder_seconds: [] }],
    ['reminder_seconds', { reminder_seconds: [60, 'soon'] }],
    ['stream', { stream: 'yes' }],
    ['callback_timeout_seconds', { callback_timeout_seconds: 2_419_201 }],
  ])('name %s in %j', async (param, fields) => {
    const { status, body } = await ask('POST', '/v1/workflows', { ...aWorkflow, ...fields });
    expect([status, body.error.param]).toEqual([400, param]);
  });

  it('name every wrong field', async () => {
    const { status, body } = await ask('POST', '/v1/workflows', {
      name: ' ',
      provider: 'offline',
      fallbacks: [{ provider: 'openai', model: 'y' }, { provider: 'openai' }],
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

  it('tell of everything that cannot work, and are not saved', async () => {
    const { status, body } = await ask('POST', '/v1/workflows', {
      ...aWorkflow,
      provider: 'opnai',
      parameters: { model: 'x' },
      retry: { attempts: 2, initial_seconds: 9, max_seconds: 3 },
    });
    expect(status).toBe(400);
    expect(body.error.details?.map(({ param }) => param)).toEqual([
      'provider',
      'retry.max_seconds',
      'parameters.model',
    ]);
    expect(body.message).toContain('openai');
    expect((await ask('GET', '/v1/workflows/demo')).status).toBe(404);
  });

  it('are judged by what they would be after a change', async () => {
    await ask('POST', '/v1/workflows', {
      ...aWorkflow,
      provider: 'openai',
      model: 'gpt-4o',
      parameters: { temperature: 0 },
    });
    const { status, body } = await ask('PATCH', '/v1/workflows/demo', { model: 'o3' });
    expect([status, body.error.param]).toEqual([400, 'parameters.temperature']);
    expect((await ask('GET', '/v1/workflows/demo')).body).toMatchObject({ model: 'gpt-4o', version: 1 });
  });

  it('are saved without credentials, with a warning until there are some', async () => {
    const { status, body } = await ask('POST', '/v1/workflows', { ...aWorkflow, provider: 'openai' });
    expect([status, body['warnings']]).toEqual([
      201,
      [
        {
          code: 'missing_credentials',
          param: 'provider',
          message: expect.stringContaining('Provider credentials not configured'),
        },
      ],
    ]);
    await ask('POST', '/v1/provider-credentials', { provider: 'openai', api_key: 'sk-proj-0123456789' });
    expect((await ask('GET', '/v1/workflows/demo')).body).toMatchObject({ warnings: [] });
    expect((await ask('GET', '/v1/workflows')).body).toMatchObject({ data: [{ warnings: [] }] });
  });

  it('refuse two names of one field that say different things', async () => {
    const both = { ...aWorkflow, callback_timeout: 60, callback_timeout_seconds: 61 };
    const { status, body } = await ask('POST', '/v1/workflows', both);
    expect([status, body.error.param]).toEqual([400, 'callback_timeout_seconds']);
    expect((await ask('POST', '/v1/workflows', { ...both, callback_timeout_seconds: 60 })).status).toBe(201);
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
