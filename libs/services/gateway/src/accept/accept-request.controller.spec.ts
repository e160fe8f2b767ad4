import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventLogUnavailable, type EventLog } from '@headrace/event-log';
import { InMemoryEventLog } from '@headrace/event-log/testing';
import { aProject, aWorkflow, projectId, ProjectsInMemory, withKeyOf, type HttpHarness } from '@headrace/http/testing';
import { startGateway, tokens } from '../testing/gateway.harness.js';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const messages = [{ role: 'user', content: 'Hello' }];
const log = new InMemoryEventLog();
const projects = new ProjectsInMemory(aProject({}, [aWorkflow(), aWorkflow({ name: 'testing', mode: 'testing' })]));
let http: HttpHarness;

beforeAll(async () => {
  http = await startGateway(log, projects);
});
afterAll(() => http.close());

const accept = (body: unknown, headers = withKeyOf(projectId), path = '/v1/ai/async') =>
  http.ask('POST', path, { body, headers });

describe('POST /v1/ai/async', () => {
  it('answers with all that a client needs to follow the request', async () => {
    const { status, body } = await accept({ workflow: 'demo', messages, metadata: { plan: 'pro' }, user_id: 'u1' });
    expect(status).toBe(200);
    const channel = String(body['channel_id']);
    expect(channel).toMatch(uuid);
    expect(body).toEqual({
      message: 'success',
      status: 'pending',
      channel_id: channel,
      project_id: projectId,
      ws_token: expect.any(String),
      websocket_url: 'wss://ai.example.com/socket',
      websocket_channel: `ai_response:${projectId}:${channel}`,
      customer_data: { plan: 'pro', user_id: 'u1' },
    });
    expect(await tokens.verify(String(body['ws_token']), new Date())).toMatchObject({
      status: 'valid',
      claims: { project_id: projectId, channel_id: channel },
    });
  });

  it('has the request in the log when it answers, in the trace of the caller', async () => {
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    const traceparent = `00-${traceId}-00f067aa0ba902b7-01`;
    const { body } = await accept({ workflow: 'demo', messages }, { ...withKeyOf(projectId), traceparent });
    const events = await log.readChannel(projectId, String(body['channel_id']));
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({ type: 'request.accepted', data: { messages } });
    expect(events[0]?.traceParent).toContain(traceId);
  });

  it.each(['/api/v1/ai/async', '/api/ai/async'])('is the same at %s', async (path) => {
    const { status, body } = await accept({ workflow: 'demo', messages }, withKeyOf(projectId), path);
    expect(status).toBe(200);
    expect(body['status']).toBe('pending');
  });

  it('says so in test mode', async () => {
    const asked = await accept({ workflow: 'demo', messages, test_mode: true });
    const configured = await accept({ workflow: 'testing', messages });
    const neither = await accept({ workflow: 'demo', messages });
    expect(asked.body).toHaveProperty('test_mode', true);
    expect(configured.body).toHaveProperty('test_mode', true);
    expect(neither.body).not.toHaveProperty('test_mode');
  });

  it('takes fields it does not know, nulls, and a webhook target that is public', async () => {
    const { status } = await accept({
      provider: 'offline',
      model: 'any',
      messages: [...messages, { role: 'assistant', content: null, tool_calls: [{}] }],
      anything: { at: ['all'] },
      metadata: null,
      temperature: null,
      stream: true,
      delivery_method: 'websocket',
      webhook_url: 'https://hooks.example.com/in',
    });
    expect(status).toBe(200);
  });
});

describe('a wrong field', () => {
  it.each([
    ['messages', {}],
    ['messages', { messages: [] }],
    ['messages', { messages: 'Hello' }],
    ['messages.0', { messages: ['Hello'] }],
    ['messages.1.role', { messages: [...messages, { role: 'robot', content: 'x' }] }],
    ['messages.0.content', { messages: [{ role: 'user' }] }],
    ['messages.0.content', { messages: [{ role: 'user', content: [] }] }],
    ['messages.0.content', { messages: [{ role: 'user', content: [{ text: 'no type' }] }] }],
    ['messages.0.content', { messages: [{ role: 'user', content: null, tool_calls: [] }] }],
    ['workflow', { messages, workflow: 7 }],
    ['workflow', { messages, workflow: '' }],
    ['workflow', { messages, workflow: null }],
    ['model', { messages, workflow: null, provider: 'openai' }],
    ['provider', { messages, workflow: null, model: 'gpt-4o' }],
    ['provider', { messages, workflow: null, provider: 'opnai', model: 'gpt-4o' }],
    ['metadata', { messages, metadata: 'text' }],
    ['metadata', { messages, metadata: [1] }],
    ['user_id', { messages, user_id: {} }],
    ['task_id', { messages, task_id: true }],
    ['temperature', { messages, temperature: 'hot' }],
    ['max_tokens', { messages, max_tokens: 0 }],
    ['tools', { messages, tools: {} }],
    ['tools', { messages, tools: ['a'] }],
    ['tool_choice', { messages, tool_choice: 1 }],
    ['stream', { messages, stream: 'yes' }],
    ['priority', { messages, priority: 'urgent' }],
    ['expires_after_seconds', { messages, expires_after_seconds: 0 }],
    ['expires_after_seconds', { messages, expires_after_seconds: 2_419_201 }],
    ['test_mode', { messages, test_mode: 1 }],
    ['events', { messages, events: 'ready' }],
    ['events', { messages, events: [''] }],
    ['events', { messages, events: [1] }],
    ['response_format', { messages, response_format: 'json' }],
    ['response_format.type', { messages, response_format: { type: 'xml' } }],
    ['response_format.json_schema.schema', { messages, response_format: { type: 'json_schema' } }],
    ['structured_output_schema', { messages, structured_output_schema: 'x' }],
    ['structured_output_schema.type', { messages, structured_output_schema: { type: 'text' } }],
    ['structured_output_schema', { messages, structured_output_schema: { name: { type: 'string' } } }],
    [
      'response_format.json_schema.schema.properties.a.$ref',
      {
        messages,
        response_format: {
          type: 'json_schema',
          json_schema: { schema: { type: 'object', properties: { a: { $ref: '#/$defs/gone' } } } },
        },
      },
    ],
    ['webhook_url', { messages, webhook_url: 'not a url' }],
    ['webhook_url', { messages, webhook_url: 'ftp://hooks.example.com' }],
    ['webhook_url', { messages, webhook_url: 'http://169.254.169.254/latest' }],
    ['webhook_url', { messages, webhook_url: 'https://inside.example.com' }],
    ['webhook_url', { messages, webhook_url: 'https://unknown.example.com' }],
  ])('%s is named: %j', async (param, fields) => {
    const before = log.all.length;
    const { status, body } = await accept({ workflow: 'demo', ...fields });
    expect(status).toBe(400);
    expect(body.error).toMatchObject({ type: 'invalid_request_error', code: 'invalid_request_error', param });
    expect(body.message).toBe(body.error.message);
    expect(body.message.length).toBeGreaterThan(10);
    expect(log.all.length).toBe(before);
  });

  it('does not hide the others', async () => {
    const { body } = await accept({ temperature: 'hot', messages: [{ role: 'user' }] });
    const params = body.error.details?.map(({ param }) => param);
    expect(params).toEqual(['temperature', 'workflow', 'messages.0.content']);
  });
});

describe('errors of POST /v1/ai/async', () => {
  it('404 model_not_found for an unknown workflow', async () => {
    const { status, body } = await accept({ workflow: 'nope', messages });
    expect(status).toBe(404);
    expect(body.error).toMatchObject({ type: 'invalid_request_error', code: 'model_not_found', param: 'workflow' });
  });

  it('401 without a good key', async () => {
    const { status, body } = await accept({ workflow: 'demo', messages }, { 'content-type': 'application/json' });
    expect(status).toBe(401);
    expect(body.error).toMatchObject({ type: 'authentication_error', code: 'invalid_api_key' });
  });

  it('400 invalid_json for a malformed body', async () => {
    const { status, body } = await accept('{"workflow": demo}');
    expect(status).toBe(400);
    expect(body.error.code).toBe('invalid_json');
  });

  it('413 for a body over the limit', async () => {
    const { status, body } = await accept({
      workflow: 'demo',
      messages: [{ role: 'user', content: 'x'.repeat(1_100_000) }],
    });
    expect(status).toBe(413);
    expect(body.error.code).toBe('payload_too_large');
  });

  it('503 with Retry-After when the log does not confirm, never a 2xx', async () => {
    const away = new Proxy<EventLog>(log, {
      get: (target, name) =>
        name === 'append'
          ? () => Promise.reject(new EventLogUnavailable('no answer'))
          : (Reflect.get(target, name) as unknown),
    });
    const gateway = await startGateway(away, projects);
    const { status, body, headers } = await gateway.ask('POST', '/v1/ai/async', {
      body: { workflow: 'demo', messages },
      headers: withKeyOf(projectId),
    });
    await gateway.close();
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBe('1');
    expect(body.error).toMatchObject({ type: 'service_unavailable', code: 'service_unavailable' });
  });
});

describe('the OpenAPI document', () => {
  it('tells the body, the answer, the key and the errors, and leaves aliases out', async () => {
    const { body } = await http.ask('GET', '/openapi.json');
    const paths = body['paths'] as Record<string, object>;
    expect(Object.keys(paths).sort()).toEqual([
      '/v1/ai/async',
      '/v1/ai/reconnect',
      '/v1/requests',
      '/v1/requests/{channel_id}',
      '/v1/requests/{channel_id}/cancel',
      '/v1/requests/{channel_id}/events',
    ]);
    expect(paths['/v1/ai/async']).toMatchObject({
      post: {
        security: [{ bearer: [] }],
        parameters: [{ name: 'Idempotency-Key', in: 'header', required: false }],
        requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/AsyncRequestDto' } } } },
        responses: { 200: {}, 400: {}, 401: {}, 403: {}, 404: {}, 413: {}, 415: {}, 500: {}, 503: {} },
      },
    });
    expect(paths['/v1/ai/reconnect']).not.toHaveProperty('post.parameters.0');
    expect(body).toHaveProperty('components.schemas.AsyncRequestDto.required', ['messages']);
    expect(body).toHaveProperty('components.schemas.AsyncRequestDto.properties.workflow.type', 'string');
    expect(body).toHaveProperty('components.schemas.AsyncRequestDto.properties.test_mode.type', 'boolean');
  });
});
