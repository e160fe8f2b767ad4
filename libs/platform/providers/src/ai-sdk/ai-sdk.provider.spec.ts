import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ChatMessage, Json, JsonObject } from '@headrace/contracts';
import type { GenerationRequest, ProviderAccess } from '../ai-provider.js';
import { SchemaCompiler } from '../schema/schema-compiler.js';
import { AiSdkHarness } from '../testing/ai-sdk.harness.js';
import { openAiWire } from '../testing/openai-wire.fixtures.js';
import { failureOfCall } from '../testing/provider.harness.js';
import { aiSdkOptions } from './ai-sdk-credentials.js';

const { apiKey } = AiSdkHarness;
let harness: AiSdkHarness;

beforeAll(async () => {
  harness = await AiSdkHarness.start();
});
afterEach(() => harness.server.reset());
afterAll(() => harness.stop());

/** The body that a request makes. */
async function bodyOf(more: Partial<GenerationRequest>): Promise<JsonObject> {
  await harness.generate(openAiWire.text('{}'), more);
  return (await harness.server.next()).json<JsonObject>();
}

const tools = [{ type: 'function', function: { name: 'weather', parameters: { type: 'object', properties: {} } } }];

describe('a provider package of the AI SDK', () => {
  it('is asked with the key at the base URL, and nothing of the client besides', async () => {
    await harness.generate(openAiWire.text('Hi'), {
      parameters: { temperature: 0.5, max_tokens: 9, stop: 'x', seed: 7 },
    });
    const request = await harness.server.next();
    expect(request).toMatchObject({ method: 'POST', path: '/v1/chat/completions' });
    expect(request.headers).toMatchObject({ authorization: `Bearer ${apiKey}` });
    expect(request.json()).toMatchObject({
      ...{ model: 'some-model', temperature: 0.5, max_tokens: 9, stop: ['x'], seed: 7 },
      messages: [{ role: 'user', content: 'Hello' }],
    });
    expect(request.body.toString()).not.toMatch(/u-1|demo/);
  });

  it('gives a chat completion with text, usage and why it stopped', async () => {
    const { body, ...answer } = await harness.generate(openAiWire.text('Hello there!'));
    expect(answer).toEqual({
      ...{ content: 'Hello there!', toolCalls: [], finishReason: 'stop' },
      usage: { promptTokens: 19, completionTokens: 10 },
    });
    expect(body).toMatchObject({
      ...{ object: 'chat.completion', id: 'chatcmpl-CkQ1x0d5J7mFZVYw3rQ2', model: 'gpt-4o-2024-08-06' },
      choices: [{ message: { role: 'assistant', content: 'Hello there!' }, finish_reason: 'stop' }],
    });
  });

  it('calls tools, and is told what came of it', async () => {
    const answer = await harness.generate(openAiWire.toolCall(), { parameters: { tools, tool_choice: 'required' } });
    expect(answer).toMatchObject({
      ...{ content: null, finishReason: 'tool_calls' },
      toolCalls: [{ id: 'call_abc', type: 'function', function: { name: 'weather', arguments: '{"city":"Oslo"}' } }],
    });
    expect((await harness.server.next()).json()).toMatchObject({
      tools: [{ type: 'function', function: { name: 'weather' } }],
      tool_choice: 'required',
    });
    const conversation: (ChatMessage & JsonObject)[] = [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Weather?' },
      { role: 'assistant', content: null, tool_calls: [...answer.toolCalls] },
      { role: 'tool', tool_call_id: 'call_abc', content: 'sunny' },
    ];
    const { messages } = await bodyOf({ messages: conversation, parameters: { tools } });
    expect(messages).toMatchObject([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Weather?' },
      { role: 'assistant', tool_calls: [{ id: 'call_abc', function: { name: 'weather' } }] },
      { role: 'tool', tool_call_id: 'call_abc', content: 'sunny' },
    ]);
  });

  it('sees images, by URL and whole', async () => {
    const content: Json = [
      { type: 'text', text: 'See' },
      { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
    ];
    const { messages } = await bodyOf({ messages: [{ role: 'user', content }] });
    expect(messages).toMatchObject([
      {
        content: [
          { type: 'text', text: 'See' },
          { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
        ],
      },
    ]);
  });

  it('is told a schema natively and in the prompt, since it may not know the first', async () => {
    const source = { type: 'object', properties: { a: { type: 'integer' } } };
    const structuredOutput = { name: 'card', schema: new SchemaCompiler().compile(source) };
    const body = await bodyOf({ structuredOutput });
    expect(body).toMatchObject({ response_format: { type: 'json_object' } });
    expect(JSON.stringify(body.messages)).toContain(JSON.stringify(JSON.stringify(source)).slice(1, -1));
    const parameters = { structured_output_mode: 'json_schema' };
    expect((await bodyOf({ structuredOutput, parameters })).messages).toHaveLength(1);
  });

  it.each<[string, ProviderAccess, boolean]>([
    ['a base URL alone', { apiKey: null, baseUrl: 'https://example.com' }, false],
    ['a base URL beside no options', { apiKey: '{}', baseUrl: 'https://example.com' }, false],
    ['a base URL among the options', { apiKey: '{"baseURL":"https://example.com"}', baseUrl: null }, false],
    ['some of the options', { apiKey: '{"region":"example.com/"}', baseUrl: null }, false],
    ['no options at all, as an operator asks for', { apiKey: '{}', baseUrl: null }, true],
  ])('may look for a key in the environment of the process with %s only where it should', (_name, access, mayLook) => {
    // What is no text, packages look for.
    expect(typeof aiSdkOptions(access).apiKey === 'undefined').toBe(mayLook);
  });

  it('is made with the options that stand in place of the key', async () => {
    const options = { apiKey: 'inner-key-123', supportsStructuredOutputs: true, queryParams: { v: '2' } };
    await harness.generate(openAiWire.text('Hi'), {
      access: { apiKey: JSON.stringify(options), baseUrl: `${harness.server.url}/v1` },
      parameters: { response_format: { type: 'json_schema', json_schema: { name: 'x', schema: { type: 'object' } } } },
    });
    const request = await harness.server.next();
    expect(request.path).toBe('/v1/chat/completions?v=2');
    expect(request.headers).toMatchObject({ authorization: 'Bearer inner-key-123' });
    expect(request.json()).toMatchObject({ response_format: { type: 'json_schema', json_schema: { name: 'x' } } });
  });

  it("is given the package's own options", async () => {
    const body = await bodyOf({ parameters: { provider_options: { 'long-tail': { reasoningEffort: 'low' } } } });
    expect(body).toMatchObject({ reasoning_effort: 'low' });
  });
});

describe('a failed call of a package', () => {
  it.each([
    ['a model that is not there', openAiWire.unknownModel(), 'invalid_request', 404, false],
    ['an error of the server', openAiWire.serverError(), 'provider_failed', 500, true],
    ['an error page', openAiWire.badGateway(), 'provider_failed', 502, true],
    ['an answer that is not JSON', openAiWire.notJson(), 'invalid_response', 200, false],
    ['an answer of another shape', openAiWire.completion({ a: 1 }), 'invalid_response', 200, false],
    ['a content filter', openAiWire.contentFilter(), 'content_filtered', 200, false],
    ['a broken connection', openAiWire.disconnect(), 'connection_failed', null, true],
    ['more than the limit', openAiWire.text('x'.repeat(5_000)), 'response_too_large', null, false],
  ] as const)('tells of %s, and is not tried again', async (_name, answer, code, httpStatus, retryable) => {
    expect(await failureOfCall(harness.generate(answer))).toMatchObject({ code, httpStatus, retryable });
    expect(harness.server.requests).toHaveLength(1);
  });

  it('tells how long the provider wants to wait, in its words', async () => {
    expect(await failureOfCall(harness.generate(openAiWire.rateLimit('7')))).toMatchObject({
      ...{ code: 'rate_limited', httpStatus: 429, retryable: true, retryAfterMs: 7_000 },
      message: expect.stringMatching(/^HTTP 429: Rate limit reached/),
    });
    expect(harness.server.requests).toHaveLength(1);
  });

  it('never repeats the key', async () => {
    const error = await failureOfCall(harness.generate(openAiWire.badKey(apiKey)));
    expect(error).toMatchObject({ code: 'authentication_failed', httpStatus: 401, retryable: false });
    expect(`${error.message} ${String(error.stack)}`).not.toContain(apiKey);
  });

  it.each([
    ['never answers', openAiWire.hanging()],
    ['answers byte by byte', openAiWire.dripping()],
  ])('ends in time when the provider %s', async (_name, answer) => {
    expect(await failureOfCall(harness.generate(answer, {}, 150))).toMatchObject({
      ...{ code: 'timeout', message: 'The provider did not answer within 150 ms.', retryable: true },
    });
  });

  it('does not reach addresses that are not allowed', async () => {
    const access = { apiKey, baseUrl: 'http://169.254.169.254/v1' };
    expect(await failureOfCall(harness.generate(openAiWire.text('Hi'), { access }))).toMatchObject({
      code: 'blocked_address',
    });
    expect(harness.server.requests).toHaveLength(0);
  });

  it('is not made without credentials, whatever the process has', async () => {
    const error = await failureOfCall(harness.generate(openAiWire.text('Hi'), { access: null }));
    expect(error).toMatchObject({ code: 'missing_credentials', message: 'Provider credentials not configured' });
    expect(harness.server.requests).toHaveLength(0);
  });

  it.each(['keyFile', 'credential_source', 'clientOptions'])(
    'is not made with %s, which would lead past our HTTP client',
    async (option) => {
      const options = { googleAuthOptions: { credentials: { [option]: '/etc/passwd' } } };
      const access = { apiKey: JSON.stringify(options), baseUrl: `${harness.server.url}/v1` };
      expect(await failureOfCall(harness.generate(openAiWire.text('Hi'), { access }))).toMatchObject({
        ...{
          code: 'invalid_request',
          message: `The provider credentials must not have ${option}: give the key itself.`,
        },
      });
      expect(harness.server.requests).toHaveLength(0);
    },
  );

  it('keeps no more of an error page than of an answer', async () => {
    const error = await failureOfCall(harness.stream({ status: 500, body: 'x'.repeat(300_000) }).answer);
    expect(error).toMatchObject({ code: 'provider_failed', httpStatus: 500, retryable: true });
  });

  it.each<[string, Partial<GenerationRequest>, string]>([
    ['several answers', { parameters: { n: 2 } }, 'Unsupported parameter n for provider long-tail'],
    [
      'a result without its call',
      { messages: [{ role: 'tool', tool_call_id: 'x', content: '' } as ChatMessage] },
      'tool_call_id "x"',
    ],
  ])('is not made for %s', async (_name, more, message) => {
    expect(await failureOfCall(harness.generate(openAiWire.text('Hi'), more))).toMatchObject({
      ...{ code: 'invalid_request', message: expect.stringContaining(message) },
    });
    expect(harness.server.requests).toHaveLength(0);
  });
});
