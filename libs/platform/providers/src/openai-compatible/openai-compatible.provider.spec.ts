import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { AddressPolicy, OutboundHttp, OutboundHttpSettings } from '@headrace/outbound-http';
import { FakeReceiver } from '@headrace/testing';
import type { GenerationRequest, ProviderAnswer } from '../ai-provider.js';
import { ProviderError } from '../provider-error.js';
import { SchemaCompiler } from '../schema/schema-compiler.js';
import { aChatCompletion, openAiWire } from '../testing/openai-wire.fixtures.js';
import { RemoteCaller } from '../remote/remote-caller.js';
import { OpenAiCompatibleProvider } from './openai-compatible.provider.js';
import { anyAddressPreset } from './provider-presets.js';

const apiKey = 'sk-proj-0123456789abcdef';
const limits = { connectTimeoutMs: 1_000, maxResponseBytes: 64 * 1024 };
let server: FakeReceiver;
let http: OutboundHttp;

beforeAll(async () => {
  server = await FakeReceiver.start();
  const settings = Object.assign(new OutboundHttpSettings(), { allowLoopback: true });
  http = new OutboundHttp(new AddressPolicy(settings), settings);
});
afterEach(() => server.reset());
afterAll(async () => {
  await http.close();
  await server.stop();
});

const aRequest = (overrides: Partial<GenerationRequest> = {}): GenerationRequest => ({
  provider: 'openai',
  model: 'gpt-4o',
  messages: [{ role: 'user', content: 'Hello' }],
  parameters: {},
  structuredOutput: null,
  access: { apiKey, baseUrl: `${server.url}/v1` },
  workflow: 'demo',
  metadata: { user_id: 'u-1' },
  ...overrides,
});

function generate(
  overrides: Partial<GenerationRequest> = {},
  options: { signal?: AbortSignal; timeoutMs?: number } = {},
  defaultBaseUrl: string | null = null,
): Promise<ProviderAnswer> {
  const preset = { ...anyAddressPreset, baseUrl: defaultBaseUrl, needsKey: true };
  const provider = new OpenAiCompatibleProvider(new RemoteCaller(http, limits), preset);
  return provider.generate(aRequest(overrides), { signal: new AbortController().signal, timeoutMs: 2_000, ...options });
}

async function failure(answer: Promise<ProviderAnswer>): Promise<ProviderError> {
  const error: unknown = await answer.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ProviderError);
  return error as ProviderError;
}

describe('a call of an OpenAI-compatible provider', () => {
  it('posts a chat completion with the key and nothing of the client besides', async () => {
    server.answerNext(openAiWire.text('Hi'));
    await generate({ parameters: { temperature: 0.5, max_tokens: 9, stream: true, model: 'other' } });
    const request = await server.next();
    expect(request).toMatchObject({ method: 'POST', path: '/v1/chat/completions' });
    expect(request.headers).toMatchObject({
      authorization: `Bearer ${apiKey}`,
      'content-type': 'application/json',
    });
    expect(request.headers).not.toHaveProperty('traceparent');
    expect(request.json()).toEqual({
      temperature: 0.5,
      max_tokens: 9,
      model: 'gpt-4o',
      messages: [{ role: 'user', content: 'Hello' }],
      stream: false,
    });
  });

  it('asks for a schema by response_format', async () => {
    server.answerNext(openAiWire.text('{"a":1}'));
    const schema = { type: 'object', properties: { a: { type: 'integer' } } };
    await generate({
      parameters: { response_format: { type: 'text' } },
      structuredOutput: { name: 'a card, größer', schema: new SchemaCompiler().compile(schema) },
    });
    expect((await server.next()).json()).toMatchObject({
      response_format: { type: 'json_schema', json_schema: { name: 'a_card_gr_er', schema } },
    });
  });

  it('gives back the whole body, the text, the usage and why it stopped', async () => {
    server.answerNext(openAiWire.text('Hello there!'));
    expect(await generate()).toEqual({
      body: aChatCompletion(),
      content: 'Hello there!',
      toolCalls: [],
      usage: { promptTokens: 19, completionTokens: 10 },
      finishReason: 'stop',
    });
  });

  it('takes tool calls without a text', async () => {
    server.answerNext(openAiWire.toolCall());
    const answer = await generate();
    expect(answer).toMatchObject({ content: null, finishReason: 'tool_calls' });
    expect(answer.toolCalls).toMatchObject([{ function: { name: 'weather' } }]);
  });

  it('joins the text parts of reasoning models and does without usage', async () => {
    const { usage: _usage, ...body } = aChatCompletion({
      content: [
        { type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] },
        { type: 'text', text: 'Forty-' },
        { type: 'text', text: 'two' },
      ],
    });
    server.answerNext(openAiWire.completion(body));
    expect(await generate()).toMatchObject({ content: 'Forty-two', usage: null });
  });

  it('gives back values that read the same when they are written again', async () => {
    const odd =
      '{"choices":[{"message":{"content":"x"}}],"a":1.0,"b":1e2,"c":-0,"d":12345678901234567890,"e":"\\u00fc\\/","a":2}';
    server.answerNext({ body: odd });
    const { body } = await generate();
    const text = JSON.stringify(body);
    expect(JSON.stringify(JSON.parse(text))).toBe(text);
    expect(body).toMatchObject({ a: 2, b: 100, e: 'ü/' });
  });

  it('needs no key when there is a base URL, and ends in one slash however it is written', async () => {
    server.answerNext(openAiWire.text('Hi'));
    await generate({ access: { apiKey: null, baseUrl: `${server.url}/v1//` } });
    const { headers, path } = await server.next();
    expect(path).toBe('/v1/chat/completions');
    expect(headers).not.toHaveProperty('authorization');
  });

  it("goes to the provider's own address when the credentials name none", async () => {
    server.answerNext(openAiWire.text('Hi'));
    await generate({ access: { apiKey, baseUrl: null } }, {}, `${server.url}/default`);
    expect((await server.next()).path).toBe('/default/chat/completions');
  });
});

describe('a failed call', () => {
  it.each<[string, GenerationRequest['access']]>([
    ['no credentials', null],
    ['neither key nor base URL', { apiKey: null, baseUrl: null }],
  ])('is not made with %s', async (_name, access) => {
    expect(await failure(generate({ access }, {}, 'https://api.openai.com/v1'))).toMatchObject({
      code: 'missing_credentials',
      message: 'Provider credentials not configured',
      retryable: false,
    });
    expect(server.requests).toHaveLength(0);
  });

  it('is not made with a key alone when the provider has no address of its own', async () => {
    expect(await failure(generate({ access: { apiKey, baseUrl: null } }))).toMatchObject({
      code: 'missing_credentials',
    });
  });

  it("tells a rate limit with the provider's words and its wish", async () => {
    server.answerNext(openAiWire.rateLimit('7'));
    expect(await failure(generate())).toMatchObject({
      code: 'rate_limited',
      httpStatus: 429,
      retryable: true,
      retryAfterMs: 7_000,
      message: expect.stringMatching(/^HTTP 429: Rate limit reached for gpt-4o/),
    });
  });

  it('understands a wish that is a date', async () => {
    server.answerNext(openAiWire.rateLimit(new Date(Date.now() + 60_000).toUTCString()));
    const { retryAfterMs } = await failure(generate());
    expect(retryAfterMs).toBeGreaterThan(50_000);
    expect(retryAfterMs).toBeLessThanOrEqual(60_000);
  });

  it.each([apiKey, 'sk-proj-********cdef'])('never repeats the key, written as %s', async (key) => {
    server.answerNext(openAiWire.badKey(key));
    const error = await failure(generate());
    expect(error).toMatchObject({ code: 'authentication_failed', httpStatus: 401, retryable: false });
    expect(error.message).toContain('Incorrect API key provided: ***.');
    expect(`${error.message} ${String(error.stack)}`).not.toContain(key);
  });

  it.each([
    ['a model that is not there', () => openAiWire.unknownModel(), 'invalid_request', 404, false],
    ['an error of the server', () => openAiWire.serverError(), 'provider_failed', 500, true],
    ['an error page of a proxy', () => openAiWire.badGateway(), 'provider_failed', 502, true],
    [
      'a redirect',
      () => ({ status: 302, headers: { location: 'http://169.254.169.254/' } }),
      'invalid_response',
      302,
      false,
    ],
    ['an answer that is not JSON', () => openAiWire.notJson(), 'invalid_response', 200, false],
    ['an answer that is a list', () => openAiWire.completion([]), 'invalid_response', 200, false],
    ['no choices', () => openAiWire.completion({ choices: [] }), 'invalid_response', 200, false],
    ['a choice without a message', () => openAiWire.completion({ choices: [{}] }), 'invalid_response', 200, false],
    [
      'a message that says nothing',
      () => openAiWire.completion(aChatCompletion({ content: null })),
      'invalid_response',
      200,
      false,
    ],
    [
      'an error with status 200',
      () => openAiWire.completion({ error: { message: 'upstream is down' } }),
      'provider_failed',
      200,
      true,
    ],
    ['a refusal', () => openAiWire.refusal(), 'refused', 200, false],
    ['a content filter', () => openAiWire.contentFilter(), 'content_filtered', 200, false],
    ['a broken connection', () => openAiWire.disconnect(), 'connection_failed', null, true],
    [
      'more than the limit',
      () => openAiWire.text('x'.repeat(limits.maxResponseBytes)),
      'response_too_large',
      200,
      false,
    ],
  ] as const)('tells of %s', async (_name, answer, code, httpStatus, retryable) => {
    server.answerNext(answer());
    expect(await failure(generate())).toMatchObject({ code, httpStatus, retryable });
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    ['never answers', () => openAiWire.hanging()],
    ['answers byte by byte', () => openAiWire.dripping()],
  ])('ends in time when the provider %s', async (_name, answer) => {
    server.answerNext(answer());
    expect(await failure(generate({}, { timeoutMs: 150 }))).toMatchObject({
      code: 'timeout',
      message: 'The provider did not answer within 150 ms.',
      httpStatus: null,
      retryable: true,
    });
  });

  it('ends when its caller gives up', async () => {
    server.answerNext(openAiWire.hanging());
    const giveUp = new AbortController();
    const error = failure(generate({}, { signal: giveUp.signal }));
    await server.next();
    giveUp.abort();
    expect(await error).toMatchObject({ code: 'aborted' });
  });

  it('does not reach addresses that are not allowed', async () => {
    const access = { apiKey, baseUrl: 'http://169.254.169.254/v1' };
    expect(await failure(generate({ access }))).toMatchObject({ code: 'blocked_address', retryable: false });
  });

  it('does not repeat a key that cannot be sent', async () => {
    const error = await failure(generate({ access: { apiKey: 'abc\ndef', baseUrl: server.url } }));
    expect(error.code).toBe('missing_credentials');
    expect(`${error.message} ${String(error.stack)}`).not.toContain('abc');
  });

  it('tells of a server that is not there', async () => {
    const gone = await FakeReceiver.start();
    const baseUrl = gone.url;
    await gone.stop();
    expect(await failure(generate({ access: { apiKey, baseUrl } }))).toMatchObject({
      code: 'connection_failed',
      httpStatus: null,
      retryable: true,
    });
  });
});
