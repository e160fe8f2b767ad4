import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  adminToken,
  projectTokens,
  startConfigurationApi,
  type ConfigurationApi,
} from '../configuration/testing/configuration.harness.js';
import { ProjectTokensModule } from './project-tokens.module.js';

const unknownProject = '0198d6a0-0000-7000-8000-00000000ffff';

describe("a token for a project's topic", () => {
  let api: ConfigurationApi;
  let projectId: string;
  let apiKey: string;
  let keyId: string | undefined;

  beforeAll(async () => {
    api = await startConfigurationApi(undefined, [ProjectTokensModule]);
    ({ projectId, apiKey } = await api.aProject());
    keyId = (await api.process.store.authenticate(apiKey))?.keyId;
  });
  afterAll(() => api.close());

  const ask = (token: string, id = projectId) =>
    api.ask('POST', `/v1/projects/${id}/realtime-token`, { headers: { authorization: `Bearer ${token}` } });

  it.each([
    ["the project's key", () => apiKey, () => keyId],
    ['the administrator', () => adminToken, () => null],
  ])('is made for %s, good for some minutes and kept by no cache', async (_, token, key) => {
    const { status, body, headers } = await ask(token());
    expect(status).toBe(200);
    expect(body).toEqual({
      token: expect.any(String),
      expires_at: expect.any(String),
      project_id: projectId,
      websocket_url: 'wss://ai.example.com/socket',
      websocket_channel: `project:${projectId}`,
    });
    const verdict = projectTokens.verify(String(body['token']), new Date());
    expect(verdict).toMatchObject({ status: 'valid', claims: { project_id: projectId, key_id: key() } });
    const secondsLeft = (Date.parse(String(body['expires_at'])) - Date.now()) / 1_000;
    expect(secondsLeft).toBeGreaterThan(240);
    expect(secondsLeft).toBeLessThanOrEqual(300);
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('is not made with the key of another project, nor without one', async () => {
    const { apiKey: other } = await api.aProject();
    expect((await ask(other)).status).toBe(403);
    expect((await ask('nobody')).status).toBe(401);
  });

  it.each([unknownProject, 'no-project'])('is 404 for the administrator and project %s', async (id) => {
    expect((await ask(adminToken, id)).status).toBe(404);
  });

  it('stands in the OpenAPI document with its answers', async () => {
    const { body } = await api.ask('GET', '/openapi.json');
    const schema = { $ref: '#/components/schemas/ProjectTokenView' };
    expect(body['paths']).toMatchObject({
      '/v1/projects/{id}/realtime-token': {
        post: {
          security: [{ bearer: [] }],
          responses: { 200: { content: { 'application/json': { schema } } }, 401: {}, 403: {}, 404: {}, 503: {} },
        },
      },
    });
  });
});
