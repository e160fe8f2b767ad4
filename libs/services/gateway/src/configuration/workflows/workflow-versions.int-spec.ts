import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startConfigurationApi, type Ask, type ConfigurationApi } from '../testing/configuration.harness.js';

describe('the versions of a workflow', () => {
  let api: ConfigurationApi;
  let ask: Ask;

  beforeAll(async () => {
    api = await startConfigurationApi();
  });
  afterAll(() => api.close());
  beforeEach(async () => {
    ({ ask } = await api.aProject());
    await ask('POST', '/v1/workflows', { name: 'demo', provider: 'offline', model: 'small' });
    await ask('PATCH', '/v1/workflows/demo', { model: 'large', callback_timeout: 60, parameters: { top_p: 1 } });
  });

  it('tell who made them, page by page', async () => {
    const { body } = await ask('GET', '/v1/workflows/demo/versions?limit=1');
    expect(body).toMatchObject({
      data: [{ version: 2, workflow: { model: 'large' }, actor: expect.stringMatching(/^key:/), restored_from: null }],
      next_cursor: '2',
    });
    const { body: next } = await ask('GET', '/console/workflows/demo/versions?limit=1&cursor=2');
    expect(next).toMatchObject({ data: [{ version: 1, workflow: { model: 'small' } }], next_cursor: null });
  });

  it('are shown one by one, and compared', async () => {
    expect((await ask('GET', '/v1/workflows/demo/versions/1')).body).toMatchObject({
      version: 1,
      workflow: { model: 'small', callback_timeout: 300 },
    });
    expect((await ask('GET', '/v1/workflows/demo/versions/1/diff/2')).body).toEqual({
      from: 1,
      to: 2,
      changes: [
        { path: '/model', from: 'small', to: 'large' },
        { path: '/callback_timeout_seconds', from: 300, to: 60 },
        { path: '/parameters/top_p', to: 1 },
      ],
    });
  });

  it('are brought back as a new version', async () => {
    const { status, body } = await ask('POST', '/v1/workflows/demo/rollback', { version: 1 });
    expect([status, body]).toEqual([200, expect.objectContaining({ version: 3, model: 'small', parameters: {} })]);
    const { body: version } = await ask('GET', '/v1/workflows/demo/versions/3');
    expect(version).toMatchObject({ restored_from: 1 });
  });

  it.each(['0', '-1', 'x', '3', '9999999999'])('are not found under %s', async (number) => {
    for (const path of [number, `${number}/diff/1`]) {
      const { status, body } = await ask('GET', `/v1/workflows/demo/versions/${path}`);
      expect([status, body.error.code]).toEqual([404, 'not_found']);
    }
  });

  it.each([
    ['version', {}],
    ['version', { version: '1' }],
    ['version', { version: 0 }],
  ])('are not rolled back without a good %s: %j', async (param, sent) => {
    const { status, body } = await ask('POST', '/v1/workflows/demo/rollback', sent);
    expect([status, body.error.param]).toEqual([400, param]);
  });

  it('that do not exist are not brought back, and of another project there are none', async () => {
    expect((await ask('POST', '/v1/workflows/demo/rollback', { version: 9 })).status).toBe(404);
    const stranger = await api.aProject();
    expect((await stranger.ask('GET', '/v1/workflows/demo/versions/1')).status).toBe(404);
  });

  it.each([
    ['limit', 'limit=101'],
    ['cursor', 'cursor=soon'],
  ])('refuse a wrong %s', async (param, query) => {
    const { status, body } = await ask('GET', `/v1/workflows/demo/versions?${query}`);
    expect([status, body.error.param]).toEqual([400, param]);
  });

  it('are in the OpenAPI document, like all that a workflow may say', async () => {
    const { body } = await api.ask('GET', '/openapi.json');
    const paths = Object.keys(body['paths'] as object).filter((path) => path.startsWith('/v1/workflows'));
    expect(paths.toSorted()).toEqual([
      '/v1/workflows',
      '/v1/workflows/{id_or_name}',
      '/v1/workflows/{id_or_name}/rollback',
      '/v1/workflows/{id_or_name}/versions',
      '/v1/workflows/{id_or_name}/versions/{from}/diff/{to}',
      '/v1/workflows/{id_or_name}/versions/{version}',
    ]);
    for (const field of ['retry', 'priority', 'cache_seconds']) {
      expect(body).toHaveProperty(['components', 'schemas', 'NewWorkflowDto', 'properties', field]);
      expect(body).toHaveProperty(['components', 'schemas', 'WorkflowView', 'properties', field]);
    }
  });
});
