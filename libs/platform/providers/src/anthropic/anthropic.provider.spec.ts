import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@headrace/contracts';
import { SchemaCompiler } from '../schema/schema-compiler.js';
import { anthropicEvents, anthropicProviderWire, anthropicWire } from '../testing/anthropic-wire.fixtures.js';
import { failureOfCall, ProviderHarness, type CallOnItsWay } from '../testing/provider.harness.js';
import { streamAnswer } from '../testing/provider-wire.js';
import { AnthropicProvider } from './anthropic.provider.js';

let harness: ProviderHarness;
beforeAll(async () => {
  harness = await ProviderHarness.start();
});
afterEach(() => harness.server.reset());
afterAll(() => harness.stop());

const { begin, start, delta, stop, end } = anthropicEvents;
const asked = (schema?: JsonObject, model = 'claude-3-7-sonnet-latest') => ({
  ...anthropicProviderWire.request,
  model,
  structuredOutput: schema ? { name: 'card', schema: new SchemaCompiler().compile(schema) } : null,
});
const card = { type: 'object', properties: { name: { type: 'string' } } };
const list = { type: 'array', items: { type: 'integer' } };
const stream = (events: string[], schema?: JsonObject): CallOnItsWay =>
  harness.stream(new AnthropicProvider(harness.remote), streamAnswer(events), asked(schema));
const generate = (content: JsonObject[], more: JsonObject = {}, schema?: JsonObject): CallOnItsWay =>
  harness.generate(new AnthropicProvider(harness.remote), anthropicWire.message(content, more), asked(schema));

describe('Anthropic’s answers', () => {
  it('name the version of the API that is spoken', async () => {
    await generate([{ type: 'text', text: 'Hi' }]).answer;
    expect((await harness.server.next()).headers).toMatchObject({ 'anthropic-version': '2023-06-01' });
  });

  it('count what came from the cache as part of the prompt', async () => {
    const { body } = await generate([{ type: 'text', text: 'Hi' }]).answer;
    expect(body.usage).toMatchObject({ prompt_tokens: 19, prompt_tokens_details: { cached_tokens: 4 } });
  });

  it('count what was written into the cache as well, and for how long', async () => {
    const usage = {
      ...{ input_tokens: 12, output_tokens: 10, cache_read_input_tokens: 4, cache_creation_input_tokens: 3 },
      cache_creation: { ephemeral_5m_input_tokens: 1, ephemeral_1h_input_tokens: 2 },
    };
    const answer = await generate([{ type: 'text', text: 'Hi' }], { usage }).answer;
    expect(answer.usage).toEqual({
      promptTokens: 19,
      completionTokens: 10,
      cachedPromptTokens: 4,
      cacheWriteTokens: 3,
      cacheWriteHourTokens: 2,
    });
  });

  it('keep the thoughts, for the next turn too', async () => {
    const thoughts: JsonObject[] = [
      { type: 'thinking', thinking: 'Let me see.', signature: 'sig' },
      { type: 'redacted_thinking', data: 'xyz' },
    ];
    const { body, content } = await generate([...thoughts, { type: 'text', text: 'Hi' }]).answer;
    expect(content).toBe('Hi');
    expect(body.choices).toMatchObject([
      { message: { reasoning_content: 'Let me see.', thinking_blocks: thoughts, thinking_model: expect.any(String) } },
    ]);
  });

  it('are the arguments of the tool that takes them', async () => {
    const input = { name: 'Ada' };
    const { answer } = generate(
      [{ type: 'tool_use', id: 'a', name: 'structured_answer', input }],
      { stop_reason: 'tool_use' },
      card,
    );
    expect(await answer).toMatchObject({ content: '{"name":"Ada"}', toolCalls: [], finishReason: 'stop' });
  });

  it('wait for the results of other tools that were called beside it', async () => {
    const { answer } = generate(
      [
        { type: 'tool_use', id: 'a', name: 'weather', input: {} },
        { type: 'tool_use', id: 'b', name: 'structured_answer', input: { name: 'Ada' } },
      ],
      { stop_reason: 'tool_use' },
      card,
    );
    expect(await answer).toMatchObject({
      content: null,
      toolCalls: [{ function: { name: 'weather' } }],
      finishReason: 'tool_calls',
    });
  });

  it('say when the limits begin anew, where no header says how long to wait', async () => {
    const reset = new Date(Date.now() + 30_000).toISOString();
    const limited = anthropicWire.error(429, 'rate_limit_error', 'slow down', {
      'anthropic-ratelimit-requests-remaining': '5',
      'anthropic-ratelimit-requests-reset': new Date(Date.now() + 90_000).toISOString(),
      'anthropic-ratelimit-tokens-remaining': '0',
      'anthropic-ratelimit-tokens-reset': reset,
    });
    const { retryAfterMs } = await failureOfCall(
      harness.generate(new AnthropicProvider(harness.remote), limited, asked()).answer,
    );
    expect(retryAfterMs).toBeGreaterThan(20_000);
    expect(retryAfterMs).toBeLessThanOrEqual(30_000);
  });
});

describe('Anthropic’s streams', () => {
  const answerTool = start({ type: 'tool_use', id: 'a', name: 'structured_answer', input: {} });
  const json = (piece: string): string => delta(0, { type: 'input_json_delta', partial_json: piece });

  it('tell a structured answer as text', async () => {
    const events = [begin, answerTool, json('{"name"'), json(':"Ada"}'), stop(0), ...end({ stop_reason: 'tool_use' })];
    const { answer, told } = stream(events, card);
    expect(await answer).toMatchObject({ content: '{"name":"Ada"}', toolCalls: [], finishReason: 'stop' });
    expect(told).toEqual([{ content: '{"name"' }, { content: ':"Ada"}' }]);
  });

  it('tell one that is no object at its end', async () => {
    const events = [begin, answerTool, json('{"value":'), json('[1,2]}'), stop(0), ...end({ stop_reason: 'tool_use' })];
    const { answer, told } = stream(events, list);
    expect(await answer).toMatchObject({ content: '[1,2]' });
    expect(told).toEqual([{ content: '[1,2]' }]);
  });

  it('keep thoughts and their signatures, and do not tell them', async () => {
    const { answer, told } = stream([
      begin,
      start({ type: 'thinking', thinking: '', signature: '' }),
      delta(0, { type: 'thinking_delta', thinking: 'Let me ' }),
      delta(0, { type: 'thinking_delta', thinking: 'see.' }),
      delta(0, { type: 'signature_delta', signature: 'sig' }),
      stop(0),
      start({ type: 'text', text: 'H' }).replace('"index":0', '"index":1'),
      delta(1, { type: 'text_delta', text: 'i' }),
      ...end({ stop_reason: 'end_turn' }),
    ]);
    expect((await answer).body.choices).toMatchObject([
      {
        message: {
          content: 'Hi',
          reasoning_content: 'Let me see.',
          thinking_blocks: [{ type: 'thinking', thinking: 'Let me see.', signature: 'sig' }],
        },
      },
    ]);
    expect(told).toEqual([{ content: 'H' }, { content: 'i' }]);
  });

  it.each<[string, string[], string]>([
    ['a piece of a block that never began', [begin, delta(7, { type: 'text_delta', text: 'x' })], 'invalid_response'],
    [
      'arguments that are no JSON',
      [begin, answerTool, json('{"a'), ...end({ stop_reason: 'tool_use' })],
      'invalid_response',
    ],
  ])('tell of %s', async (_what, events, code) => {
    expect(await failureOfCall(stream(events, card).answer)).toMatchObject({ code, retryable: false });
  });
});
