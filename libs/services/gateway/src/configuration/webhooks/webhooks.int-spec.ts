import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startConfigurationApi, type Ask, type ConfigurationApi } from '../testing/configuration.harness.js';

describe('the webhooks API', () => {
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
    expect((await api.process.store.project(projectId))?.endpoints[0]?.secrets).toEqual([fresh, secret]);
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
