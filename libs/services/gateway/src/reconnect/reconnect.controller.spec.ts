import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { InMemoryEventLog } from '@headrace/event-log/testing';
import { aProject, projectId, ProjectsInMemory, withKeyOf, type HttpHarness } from '@headrace/http/testing';
import { startGateway, tokens } from '../testing/gateway.harness.js';

const openProject = '0198d6a0-0000-7000-8000-000000000002';
const unknownChannel = '0198d6a0-0000-7000-8000-00000000ffff';
const projects = new ProjectsInMemory(aProject(), aProject({ id: openProject, publicReconnect: true }));
let http: HttpHarness;
let closedChannel: string;
let openChannel: string;

beforeAll(async () => {
  http = await startGateway(new InMemoryEventLog(), projects);
  const accept = async (project: string) => {
    const body = { workflow: 'demo', messages: [{ role: 'user', content: 'Hello' }] };
    const answer = await http.ask('POST', '/v1/ai/async', { body, headers: withKeyOf(project) });
    return String(answer.body['channel_id']);
  };
  closedChannel = await accept(projectId);
  openChannel = await accept(openProject);
});
afterAll(() => http.close());

const reconnect = (channel: unknown, headers: Record<string, string> = {}, path = '/v1/ai/reconnect') =>
  http.ask('POST', path, { body: { channel_id: channel }, headers });

describe('reconnecting with a key', () => {
  it.each(['/v1/ai/reconnect', '/api/v1/ai/reconnect', '/api/ai/reconnect'])(
    'gives a fresh token at %s',
    async (path) => {
      const { status, body, headers } = await reconnect(closedChannel, withKeyOf(projectId), path);
      expect(status).toBe(200);
      expect(body).toEqual({
        channel_id: closedChannel,
        project_id: projectId,
        ws_token: expect.any(String),
        websocket_url: 'wss://ai.example.com/socket',
        websocket_channel: `ai_response:${projectId}:${closedChannel}`,
      });
      expect((await tokens.verify(String(body['ws_token']), new Date())).status).toBe('valid');
      expect(headers.get('access-control-allow-origin')).toBeNull();
    },
  );

  it.each([
    ['400 without a channel', undefined, 400, 'invalid_request_error'],
    ['404 for an unknown channel', unknownChannel, 404, 'not_found'],
    ['404 for what is no channel id', 'a.b.>', 404, 'not_found'],
  ])('answers %s', async (_, channel, expected, code) => {
    const { status, body } = await reconnect(channel, withKeyOf(projectId));
    expect(status).toBe(expected);
    expect(body.error.code).toBe(code);
  });

  it("answers 403 for another project's channel", async () => {
    const { status, body } = await reconnect(openChannel, withKeyOf(projectId));
    expect(status).toBe(403);
    expect(body.error.code).toBe('permission_error');
  });

  it('answers 401 for a bad key, even when the project is open', async () => {
    const { status } = await reconnect(openChannel, { authorization: 'Bearer nobody' });
    expect(status).toBe(401);
  });
});

describe('reconnecting from a browser without a key', () => {
  it('works for a project that opted in, from any origin', async () => {
    const { status, body, headers } = await reconnect(openChannel, { origin: 'https://shop.example.com' });
    expect(status).toBe(200);
    expect(body['project_id']).toBe(openProject);
    expect(headers.get('access-control-allow-origin')).toBe('*');
  });

  it('answers the preflight', async () => {
    const { status, headers } = await http.ask('OPTIONS', '/v1/ai/reconnect', {
      headers: { origin: 'https://shop.example.com', 'access-control-request-method': 'POST' },
    });
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(headers.get('access-control-allow-headers')).toContain('content-type');
  });

  it('does not tell a channel of a closed project from one that does not exist', async () => {
    const closed = await reconnect(closedChannel);
    const unknown = await reconnect(unknownChannel);
    expect(closed.status).toBe(401);
    expect(unknown.status).toBe(401);
    expect(closed.body).toEqual(unknown.body);
    expect(closed.headers.get('access-control-allow-origin')).toBe('*');
  });
});
