import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SyncHarness } from '../testing/sync.harness.js';

let gateway: SyncHarness;
beforeAll(async () => {
  gateway = await SyncHarness.start();
});
afterAll(() => gateway.close());

describe('the OpenAPI document', () => {
  it.each(['/v1/ai', '/v1/ai/async', '/v1/chat/completions'])('names every gate that may refuse %s', async (path) => {
    const { body } = await gateway.http.ask('GET', '/openapi.json');
    const paths = body['paths'] as Record<string, { post: { responses: Record<string, { description: string }> } }>;
    const described = Object.values(paths[path]?.post.responses ?? {}).map(({ description }) => description);
    for (const code of ['rate_limit_exceeded', 'budget_exceeded', 'idempotency_key_reused', 'service_unavailable']) {
      expect(described.join()).toContain(`\`${code}\``);
    }
  });

  it('tells of the routes that answer on the connection, with their bodies, answers and errors', async () => {
    const { body } = await gateway.http.ask('GET', '/openapi.json');
    const bodyOf = (name: string) => ({
      content: { 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } },
    });
    const answers = { 200: { content: { 'application/json': {}, 'text/event-stream': {} } } };
    expect(body['paths']).toMatchObject({
      '/v1/ai': {
        post: {
          security: [{ bearer: [] }],
          requestBody: bodyOf('SyncRequestDto'),
          responses: { ...answers, 400: {}, 401: {}, 404: {}, 409: {}, 413: {}, 499: {}, 503: {}, 504: {} },
        },
      },
      '/v1/chat/completions': {
        post: {
          requestBody: bodyOf('ChatCompletionDto'),
          responses: { ...answers, 400: {}, 404: {}, 429: {}, 502: {}, 504: {} },
        },
      },
      '/v1/models': { get: { responses: { 200: bodyOf('ModelListDto') } } },
      '/v1/models/{id}': { get: { responses: { 200: bodyOf('ModelDto'), 404: {} } } },
    });
    const { SyncRequestDto: native, ChatCompletionDto: chat } = (
      body as unknown as { components: { schemas: Record<string, { properties: object; required: string[] }> } }
    ).components.schemas;
    expect(native?.properties).toMatchObject({
      format: { enum: ['raw', 'wrapped'] },
      stream: { type: 'boolean' },
      workflow: {},
    });
    expect(chat?.required).toEqual(['model', 'messages']);
    expect(chat?.properties).toMatchObject({
      model: { type: 'string' },
      provider: { description: expect.any(String) },
    });
  });
});
