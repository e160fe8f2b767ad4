import { describe, expect, it } from '@jest/globals';
import type { Json, JsonObject } from '@headrace/contracts';
import type { AnswerDelta, GenerationRequest, StreamOptions } from '../ai-provider.js';
import { failureOfCall } from '../testing/provider.harness.js';
import { loadAiSdkPackages, parseAiSdkPackages } from './ai-sdk-packages.js';
import type { AiSdkCall, AiSdkModel, AiSdkOptions, AiSdkPart } from './ai-sdk.port.js';
import { AiSdkProvider } from './ai-sdk.provider.js';

const unused = () => Promise.reject(new Error('unused'));
const http = { request: unused, requestStream: unused };
const never = new AbortController().signal;

/** A package whose model gives what it is told to give. */
class FakePackage {
  readonly calls: AiSdkCall[] = [];
  readonly made: AiSdkOptions[] = [];

  constructor(
    private readonly version: string,
    private readonly gives: { readonly result?: () => Promise<Json>; readonly parts?: readonly AiSdkPart[] } = {},
  ) {}

  readonly factory = (options: AiSdkOptions): { languageModel: () => AiSdkModel } => {
    this.made.push(options);
    return { languageModel: () => this.model() };
  };

  provider(): AiSdkProvider {
    return new AiSdkProvider(http, { connectTimeoutMs: 100, maxResponseBytes: 1_000 }, this.factory);
  }

  private model(): AiSdkModel {
    const { result = unused, parts = [] } = this.gives;
    return {
      specificationVersion: this.version,
      doGenerate: async (call) => {
        this.calls.push(call);
        return (await result()) as JsonObject;
      },
      doStream: async (call) => {
        this.calls.push(call);
        return { stream: ReadableStream.from<AiSdkPart>(parts) };
      },
    };
  }
}

const request = (more: Partial<GenerationRequest> = {}): GenerationRequest => ({
  ...{ provider: 'long-tail', model: 'm', messages: [{ role: 'user', content: 'Hello' }], parameters: {} },
  ...{ structuredOutput: null, workflow: 'demo', metadata: {}, access: { apiKey: 'key-0123', baseUrl: null } },
  ...more,
});
const generate = (fake: FakePackage, more: Partial<GenerationRequest> = {}, timeoutMs = 1_000) =>
  fake.provider().generate(request(more), { signal: never, timeoutMs });

function stream(fake: FakePackage, options: Partial<StreamOptions> = {}) {
  const told: AnswerDelta[] = [];
  const onDelta = (delta: AnswerDelta): void => void told.push(delta);
  return { told, answer: fake.provider().stream(request(), { signal: never, timeoutMs: 1_000, onDelta, ...options }) };
}

const image = [{ type: 'image_url', image_url: { url: 'https://example.com/a.png' } }];

describe("the versions of the AI SDK's interface", () => {
  it.each<[string, Json, Json, unknown]>([
    ['v2', 'tool-calls', { inputTokens: 3, outputTokens: 4, totalTokens: 7 }, new URL('https://example.com/a.png')],
    [
      'v3',
      { unified: 'tool-calls', raw: 'tool_calls' },
      { inputTokens: { total: 3 }, outputTokens: { total: 4 } },
      new URL('https://example.com/a.png'),
    ],
    [
      'v4',
      { unified: 'tool-calls', raw: 'tool_calls' },
      { inputTokens: { total: 3, cacheRead: 1 }, outputTokens: { total: 4, reasoning: 2 } },
      { type: 'url', url: new URL('https://example.com/a.png') },
    ],
  ])('are spoken: %s', async (version, finishReason, usage, data) => {
    const content: JsonObject[] = [
      { type: 'reasoning', text: 'hm' },
      { type: 'text', text: 'I look.' },
      { type: 'tool-call', toolCallId: 'a', toolName: 'weather', input: '{"city":"Oslo"}' },
      { type: 'tool-call', toolCallId: 'b', toolName: 'search', input: '{}', providerExecuted: true },
    ];
    const fake = new FakePackage(version, { result: async () => ({ content, finishReason, usage, warnings: [] }) });
    const answer = await generate(fake, { messages: [{ role: 'user', content: image }] });
    expect(answer).toMatchObject({
      ...{ content: 'I look.', finishReason: 'tool_calls', usage: { promptTokens: 3, completionTokens: 4 } },
      toolCalls: [{ id: 'a', type: 'function', function: { name: 'weather', arguments: '{"city":"Oslo"}' } }],
      body: { model: 'm', choices: [{ message: { reasoning_content: 'hm' } }] },
    });
    expect(answer.toolCalls).toHaveLength(1);
    expect(fake.calls[0]?.prompt).toEqual([{ role: 'user', content: [{ type: 'file', mediaType: 'image/*', data }] }]);
  });

  it('are not spoken when they are not known', async () => {
    expect(await failureOfCall(generate(new FakePackage('v9')))).toMatchObject({
      ...{ code: 'invalid_request', message: expect.stringContaining('speaks version v9') },
    });
  });

  it('tell calls whole or in pieces, and reasoning not at all', async () => {
    const { answer, told } = stream(
      new FakePackage('v2', {
        parts: [
          { type: 'stream-start', warnings: [] },
          { type: 'reasoning-delta', id: 'r', delta: 'hm' },
          { type: 'text-delta', id: 't', delta: 'I ' },
          { type: 'text-delta', id: 't', delta: 'look.' },
          { type: 'tool-input-start', id: 'a', toolName: 'weather' },
          { type: 'tool-input-delta', id: 'a', delta: '{}' },
          { type: 'tool-call', toolCallId: 'a', toolName: 'weather', input: '{}' },
          { type: 'tool-call', toolCallId: 'b', toolName: 'time', input: '{"x":1}' },
          { type: 'finish', finishReason: 'tool-calls', usage: { inputTokens: 1, outputTokens: 2 } },
        ],
      }),
    );
    expect(await answer).toMatchObject({ content: 'I look.', usage: { promptTokens: 1, completionTokens: 2 } });
    expect((await answer).toolCalls).toHaveLength(2);
    expect(told).toEqual([
      { content: 'I ' },
      { content: 'look.' },
      { toolCalls: [{ index: 0, id: 'a', type: 'function', function: { name: 'weather', arguments: '' } }] },
      { toolCalls: [{ index: 0, function: { arguments: '{}' } }] },
      { toolCalls: [{ index: 1, id: 'b', type: 'function', function: { name: 'time', arguments: '{"x":1}' } }] },
    ]);
  });

  it.each<[string, readonly AiSdkPart[], string]>([
    ['a stream without an end', [{ type: 'text-delta', id: 't', delta: 'We' }], 'connection_failed'],
    ['an error in the middle', [{ type: 'error', error: 'down' }], 'provider_failed'],
    ['a filter', [{ type: 'finish', finishReason: 'content-filter', usage: {} }], 'content_filtered'],
    ['too much reasoning', [{ type: 'reasoning-delta', id: 'r', delta: 'x'.repeat(1_001) }], 'response_too_large'],
  ])('tell of %s', async (_name, parts, code) => {
    expect(await failureOfCall(stream(new FakePackage('v3', { parts })).answer)).toMatchObject({ code });
  });
});

describe('a package', () => {
  it('that does not listen to its signal is not waited for', async () => {
    const fake = new FakePackage('v4', { result: () => new Promise(() => undefined) });
    expect(await failureOfCall(generate(fake, {}, 50))).toMatchObject({ code: 'timeout' });
    expect(fake.calls[0]?.abortSignal.aborted).toBe(true);
  });

  it.each([
    ['AI_LoadAPIKeyError', 'missing_credentials'],
    ['AI_LoadSettingError', 'missing_credentials'],
    ['AI_UnsupportedFunctionalityError', 'invalid_request'],
    ['AI_NoSuchModelError', 'invalid_request'],
    ['AI_TypeValidationError', 'invalid_response'],
    ['TypeError', 'provider_failed'],
  ])('that throws %s failed with %s, without its secrets', async (name, code) => {
    const thrown = Object.assign(new Error('bad secret-123456'), { name });
    const fake = new FakePackage('v4', { result: () => Promise.reject(thrown) });
    const access = { apiKey: '{"region":"eu","secretAccessKey":"secret-123456"}', baseUrl: null };
    const error = await failureOfCall(generate(fake, { access }));
    expect(error.code).toBe(code);
    expect(error.message).not.toContain('secret-123456');
    expect(fake.made[0]).toMatchObject({ name: 'long-tail', region: 'eu', secretAccessKey: 'secret-123456' });
  });

  it('is made with options in base64, whose secrets stay hidden wherever they stand', async () => {
    const options = { region: 'eu-central-1', credentials: { private_key: '-----BEGIN KEY-----\nabc' } };
    const thrown = new Error(`eu-central-1 does not like ${options.credentials.private_key}`);
    const fake = new FakePackage('v4', { result: () => Promise.reject(thrown) });
    const access = { apiKey: Buffer.from(JSON.stringify(options)).toString('base64'), baseUrl: null };
    expect((await failureOfCall(generate(fake, { access }))).message).toBe('eu-central-1 does not like ***');
    expect(fake.made[0]).toMatchObject(options);
  });

  it('takes a key that only looks like an object as a key', async () => {
    const fake = new FakePackage('v4', { result: async () => ({ content: [{ type: 'text', text: 'Hi' }] }) });
    await generate(fake, { access: { apiKey: 'eyJhbGciOiJIUzI1NiJ9.e30.abc', baseUrl: null } });
    expect(fake.made[0]).toMatchObject({ apiKey: 'eyJhbGciOiJIUzI1NiJ9.e30.abc' });
  });

  it('may call by POST only, and cannot be given another way to call', async () => {
    const fake: FakePackage = new FakePackage('v4', {
      result: async () => {
        await fake.made[0]?.fetch('https://example.com/');
        return {};
      },
    });
    const access = { apiKey: '{"fetch":"x"}', baseUrl: null };
    expect((await failureOfCall(generate(fake, { access }))).message).toBe('Only POST is allowed, not GET.');
  });
});

describe('the setting that names packages', () => {
  it('says a name, a package and perhaps an export', () => {
    expect(parseAiSdkPackages(['bedrock=@ai-sdk/amazon-bedrock', 'x-1=some-package#createX'])).toEqual([
      { provider: 'bedrock', specifier: '@ai-sdk/amazon-bedrock', factory: undefined },
      { provider: 'x-1', specifier: 'some-package', factory: 'createX' },
    ]);
  });

  it.each(['bedrock', 'Bedrock=x', '=x', 'x=', 'x=a b'])('is refused as "%s"', (entry) => {
    expect(() => parseAiSdkPackages([entry])).toThrow('must be written name=package or name=package#export');
  });

  const load = (module: object) => () => Promise.resolve(module);

  it('takes the only export that makes something, or the one that is named', async () => {
    const createX = () => undefined;
    const createY = () => undefined;
    expect((await loadAiSdkPackages(['x=p'], load({ createX, x: 1 }))).get('x')).toBe(createX);
    expect((await loadAiSdkPackages(['x=p#createY'], load({ createX, createY }))).get('x')).toBe(createY);
    await expect(loadAiSdkPackages(['x=p'], load({ createX, createY }))).rejects.toThrow(
      'name the export of p that makes its provider: p#export. It has createX, createY.',
    );
    await expect(loadAiSdkPackages(['x=p'], load({ x: createX }))).rejects.toThrow('It has none that begins');
  });

  it('says which package is not there', async () => {
    await expect(loadAiSdkPackages(['x=@headrace/no-such-package'])).rejects.toThrow(
      /: the package @headrace\/no-such-package cannot be loaded: .* Install it beside the application\.$/,
    );
  });
});
