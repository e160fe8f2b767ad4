import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@headrace/contracts';
import type { GenerationRequest } from '../ai-provider.js';
import { ProviderError } from '../provider-error.js';
import { SchemaCompiler } from '../schema/schema-compiler.js';
import { OfflineProvider } from './offline.provider.js';

const never = new AbortController().signal;
const schema = new SchemaCompiler().compile({
  type: 'object',
  properties: { title: { type: 'string' }, score: { type: 'integer', minimum: 0, maximum: 10 } },
  required: ['title', 'score'],
});

const aRequest = (overrides: Partial<GenerationRequest> = {}): GenerationRequest => ({
  provider: 'offline',
  model: 'any',
  messages: [{ role: 'user', content: 'Hello' }],
  parameters: {},
  structuredOutput: null,
  access: null,
  workflow: 'demo',
  metadata: {},
  ...overrides,
});

const generate = (overrides: Partial<GenerationRequest> = {}, { faults = true, timeoutMs = 1_000 } = {}) =>
  new OfflineProvider(faults).generate(aRequest(overrides), { signal: never, timeoutMs });

const withFault = (metadata: JsonObject, options?: { faults?: boolean; timeoutMs?: number }) =>
  generate({ metadata }, options).then(
    ({ content }) => content,
    (error: unknown) => {
      if (!(error instanceof ProviderError)) throw error;
      return { code: error.code, httpStatus: error.httpStatus };
    },
  );

describe('the offline provider', () => {
  it('answers in the shape of a chat completion, quoting the last thing the user said', async () => {
    const messages = [
      { role: 'system', content: 'Be brief.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is' },
          { type: 'text', text: 'a headrace?' },
        ],
      },
      { role: 'assistant', content: 'Well.' },
    ];
    const { body, content, usage } = await generate({ messages });
    expect(content).toBe('This is the offline provider answering for demo. You wrote: What is a headrace?');
    expect(body).toMatchObject({
      object: 'chat.completion',
      model: 'any',
      choices: [{ message: { role: 'assistant', content }, finish_reason: 'stop' }],
      usage: { prompt_tokens: usage?.promptTokens, completion_tokens: usage?.completionTokens },
    });
  });

  it('gives the same answer to the same request, whichever instance is asked', async () => {
    expect(await generate()).toEqual(await generate());
    const structuredOutput = { name: 'card', schema };
    expect(await generate({ structuredOutput })).toEqual(await generate({ structuredOutput }));
  });

  it('gives different answers to different conversations', async () => {
    const contents = await Promise.all(
      ['a', 'b', 'c', 'd', 'e', 'f'].map((content) =>
        generate({ structuredOutput: { name: 'card', schema }, messages: [{ role: 'user', content }] }),
      ),
    );
    expect(new Set(contents.map(({ content }) => content)).size).toBeGreaterThan(1);
  });

  it('answers with JSON that fits the schema when there is one', async () => {
    const { content } = await generate({ structuredOutput: { name: 'card', schema } });
    expect(schema.violations(JSON.parse(content ?? ''))).toEqual([]);
  });

  it('says so when nothing fits the schema', async () => {
    const impossible = new SchemaCompiler().compile({ type: 'integer', minimum: 2, maximum: 1 });
    await expect(generate({ structuredOutput: { name: 'x', schema: impossible } })).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining('The offline provider cannot answer'),
    });
  });

  it('answers whatever the messages are', async () => {
    await expect(generate({ messages: [] })).resolves.toMatchObject({ content: expect.stringContaining('(nothing)') });
    await expect(generate({ messages: [{ role: 'user', content: null }] })).resolves.toBeDefined();
  });
});

describe('a fault that the metadata asks for', () => {
  it.each([
    [{ error: 429 }, { code: 'rate_limited', httpStatus: 429 }],
    [{ error: '500' }, { code: 'provider_failed', httpStatus: 500 }],
    [{ error: 400 }, { code: 'invalid_request', httpStatus: 400 }],
    [{ error: 'content_filter' }, { code: 'content_filtered', httpStatus: 200 }],
    [{ error: 'invalid_json' }, { code: 'invalid_response', httpStatus: 200 }],
    [{ error: 'disconnect' }, { code: 'connection_failed', httpStatus: null }],
    [{ 'metadata.error': 503 }, { code: 'provider_failed', httpStatus: 503 }],
  ])('%j happens', async (metadata, expected) => {
    expect(await withFault(metadata)).toEqual(expected);
  });

  it.each<JsonObject>([{ error: 'timeout' }, { latency_ms: 60_000 }])('%j ends at the time limit', async (metadata) => {
    expect(await withFault(metadata, { timeoutMs: 20 })).toEqual({ code: 'timeout', httpStatus: null });
  });

  it('makes the answer late', async () => {
    const started = performance.now();
    await withFault({ latency_ms: 50 });
    expect(performance.now() - started).toBeGreaterThan(45);
  });

  it.each<[JsonObject, string]>([
    [
      { error: 'disk full' },
      'metadata.error must be a status from 400 to 599 or one of timeout, invalid_json, content',
    ],
    [{ error: 200 }, 'metadata.error must be'],
    [{ error: { code: 1 } }, 'metadata.error must be'],
    [{ error: [500] }, 'metadata.error must be'],
    [{ latency_ms: 'long' }, 'metadata.latency_ms must be a number of milliseconds from 0 to 600000'],
    [{ latency_ms: -1 }, 'metadata.latency_ms must be'],
    [{ 'metadata.latency_ms': 600_001 }, 'metadata.latency_ms must be'],
  ])('that %j is not, is refused with the name of the field', async (metadata, message) => {
    await expect(generate({ metadata })).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining(message),
      retryable: false,
    });
  });

  it('is none when the field is null', async () => {
    expect(await withFault({ error: null, latency_ms: null })).toContain('offline provider');
  });

  it('tells how long to wait', async () => {
    await expect(generate({ metadata: { error: 429, retry_after_ms: 250 } })).rejects.toMatchObject({
      retryAfterMs: 250,
    });
  });

  it.each<JsonObject>([{ error: 500 }, { error: 'disk full' }])(
    '%j is nothing where faults are off',
    async (metadata) => {
      expect(await withFault(metadata, { faults: false })).toContain('offline provider');
    },
  );

  it('is given up when the process stops', async () => {
    const stop = new AbortController();
    const answer = new OfflineProvider(true).generate(aRequest({ metadata: { latency_ms: 60_000 } }), {
      signal: stop.signal,
      timeoutMs: 60_000,
    });
    stop.abort();
    await expect(answer).rejects.toMatchObject({ code: 'aborted' });
  });
});
