import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Json } from '@headrace/contracts';
import type { ReceiverAnswer } from '@headrace/testing';
import type { AnswerDelta, GenerationRequest, StreamOptions } from '../ai-provider.js';
import { aChunk, openAiStream, sseData, sseDone } from '../testing/openai-stream.fixtures.js';
import { aChatCompletion, openAiWire } from '../testing/openai-wire.fixtures.js';
import { ProviderHarness, type CallOnItsWay } from '../testing/provider.harness.js';
import { OpenAiCompatibleProvider } from './openai-compatible.provider.js';
import { anyAddressPreset, providerPresets, type ProviderPreset } from './provider-presets.js';

let harness: ProviderHarness;

beforeAll(async () => {
  harness = await ProviderHarness.start();
});
afterEach(() => harness.server.reset());
afterAll(() => harness.stop());

const stream = (
  answer: ReceiverAnswer,
  options: Partial<StreamOptions> = {},
  { preset = anyAddressPreset, ...request }: Partial<GenerationRequest> & { preset?: ProviderPreset } = {},
): CallOnItsWay => harness.stream(new OpenAiCompatibleProvider(harness.remote, preset), answer, request, options);

describe('a streamed call of an OpenAI-compatible provider', () => {
  it('asks for a stream with its usage', async () => {
    await stream(openAiStream.text('Hi'), {}, { parameters: { stream: false, stream_options: { x: 1 }, top_p: 1 } })
      .answer;
    const request = await harness.server.next();
    expect(request.headers).toMatchObject({
      accept: 'text/event-stream',
      authorization: `Bearer ${ProviderHarness.apiKey}`,
    });
    expect(request.json()).toEqual({
      ...{ top_p: 1, model: 'gpt-4o', messages: [{ role: 'user', content: 'Hello' }] },
      ...{ stream: true, stream_options: { include_usage: true } },
    });
  });

  it('does not ask for usage where that is refused', async () => {
    await stream(openAiStream.text('Hi'), {}, { preset: providerPresets.mistral }).answer;
    expect((await harness.server.next()).json()).not.toHaveProperty('stream_options');
  });

  it('tells the text as it comes and gives the answer that a whole call would have given', async () => {
    const goOn = Promise.withResolvers<void>();
    const came = Promise.withResolvers<void>();
    async function* held() {
      const [head = '', hello = '', ...rest] = openAiStream.textEvents('Hello', ' there!');
      yield head + hello;
      await goOn.promise;
      yield* rest;
    }
    const told: AnswerDelta[] = [];
    const { answer } = stream(openAiStream.held(held()), {
      onDelta: (delta) => {
        told.push(delta);
        came.resolve();
      },
    });
    await came.promise;
    expect(told).toEqual([{ content: 'Hello' }]);
    goOn.resolve();
    const { body, ...rest } = await answer;
    expect(told).toEqual([{ content: 'Hello' }, { content: ' there!' }]);
    expect(rest).toEqual({
      content: 'Hello there!',
      toolCalls: [],
      usage: { promptTokens: 19, completionTokens: 10 },
      finishReason: 'stop',
    });
    const whole = aChatCompletion();
    const choice = { index: 0, message: { role: 'assistant', content: 'Hello there!', refusal: null } };
    expect(body).toEqual({ ...whole, choices: [{ ...choice, logprobs: null, finish_reason: 'stop' }] });
  });

  it('tells pieces of tool calls and puts them together', async () => {
    const { answer, told } = stream(openAiStream.toolCalls());
    const { toolCalls, content, finishReason } = await answer;
    expect({ content, finishReason }).toEqual({ content: null, finishReason: 'tool_calls' });
    expect(toolCalls).toEqual([
      { id: 'call_a', type: 'function', function: { name: 'weather', arguments: '{"city":"Oslo"}' } },
      { id: 'call_b', type: 'function', function: { name: 'time', arguments: '{}' } },
    ]);
    expect(told.flatMap((delta) => delta.toolCalls ?? [])).toEqual([
      { index: 0, id: 'call_a', type: 'function', function: { name: 'weather', arguments: '' } },
      { index: 0, function: { arguments: '{"ci' } },
      { index: 0, function: { arguments: 'ty":"Oslo"}' } },
      { index: 1, id: 'call_b', type: 'function', function: { name: 'time', arguments: '' } },
      { index: 1, function: { arguments: '{}' } },
    ]);
  });

  it.each<[string, Json[]]>([
    [
      'without index',
      [
        { id: 'a', function: { name: 'f', arguments: '{"x"' } },
        { function: { arguments: ':1}' } },
        { id: 'b', function: { name: 'g', arguments: '{}' } },
      ],
    ],
    [
      'with the name repeated',
      [
        { index: 0, id: 'a', function: { name: 'f', arguments: '{"x":' } },
        { index: 0, id: 'a', function: { name: 'f', arguments: '1}' } },
        { index: 1, id: 'b', function: { name: 'g', arguments: '{}' } },
      ],
    ],
    [
      'with arguments that are objects',
      [
        { index: 0, id: 'a', function: { name: 'f', arguments: { x: 1 } } },
        { index: 1, id: 'b', function: { name: 'g', arguments: {} } },
      ],
    ],
  ])('understands tool calls %s', async (_name, pieces) => {
    const events = pieces.map((piece) => sseData(aChunk({ tool_calls: [piece] })));
    const { answer } = stream(openAiStream.events([...events, sseData(aChunk({}, { finish_reason: 'tool_calls' }))]));
    expect((await answer).toolCalls).toEqual([
      { id: 'a', type: 'function', function: { name: 'f', arguments: '{"x":1}' } },
      { id: 'b', type: 'function', function: { name: 'g', arguments: '{}' } },
    ]);
  });

  it.each<[string, string[]]>([
    ['without [DONE]', [sseData(aChunk({ content: 'Hi' }, { finish_reason: 'stop' }))]],
    ['without a reason to stop', [sseData(aChunk({ content: 'Hi' })), sseDone]],
    [
      'with comments and heartbeats',
      [
        ': OPENROUTER PROCESSING\n\n',
        sseData(aChunk({ content: 'Hi' })),
        ': ping\n\n',
        sseData({ choices: [] }),
        sseDone,
      ],
    ],
    [
      'with reasoning',
      [sseData(aChunk({ reasoning_content: 'hm' })), sseData(aChunk({ content: 'Hi', reasoning: 'so' })), sseDone],
    ],
    [
      'in parts',
      [
        sseData(aChunk({ content: [{ type: 'thinking', thinking: [] }] })),
        sseData(aChunk({ content: [{ type: 'text', text: 'Hi' }] })),
        sseDone,
      ],
    ],
    [
      'with a second choice',
      [sseData(aChunk({ content: 'Hi' })), sseData(aChunk({ content: 'Yo' }, { index: 1 })), sseDone],
    ],
    [
      'with a whole message in a chunk',
      [sseData({ choices: [{ message: { role: 'assistant', content: 'Hi' }, finish_reason: 'stop' }] })],
    ],
  ])('understands a stream %s', async (_name, events) => {
    const { answer, told } = stream(openAiStream.events(events));
    expect((await answer).content).toBe('Hi');
    expect(told).toEqual([{ content: 'Hi' }]);
  });

  it('keeps the reasoning in the body, as in a whole answer', async () => {
    const events = [
      sseData(aChunk({ reasoning_content: 'h' })),
      sseData(aChunk({ reasoning_content: 'm' })),
      sseData(aChunk({ content: 'Hi' })),
      sseDone,
    ];
    const { body } = await stream(openAiStream.events(events)).answer;
    expect(body).toMatchObject({ choices: [{ message: { content: 'Hi', reasoning_content: 'hm' } }] });
  });

  it('takes the usage that comes with the chunks', async () => {
    const grown = [1, 2].map((count) =>
      sseData(aChunk({ content: 'x' }, {}, { usage: { prompt_tokens: 5, completion_tokens: count } })),
    );
    const { answer } = stream(openAiStream.events([...grown, sseDone]));
    expect((await answer).usage).toEqual({ promptTokens: 5, completionTokens: 2 });
  });

  it.each(['application/json', 'text/event-stream'])('takes a whole body in place of a stream, as %s', async (type) => {
    const { answer, told } = stream({ ...openAiWire.text('Hello there!'), headers: { 'content-type': type } });
    expect(await answer).toMatchObject({ body: aChatCompletion(), content: 'Hello there!' });
    expect(told).toEqual([{ content: 'Hello there!' }]);
  });

  it('keeps its connection for the next call', async () => {
    let connections = 0;
    const counting = createServer((_request, response) => response.end(openAiStream.textEvents('Hi').join('')));
    counting.on('connection', () => connections++).listen(0, '127.0.0.1');
    await once(counting, 'listening');
    const baseUrl = `http://127.0.0.1:${(counting.address() as AddressInfo).port}`;
    for (let call = 0; call < 3; call++) {
      await stream({}, {}, { access: { apiKey: null, baseUrl } }).answer;
      await new Promise(setImmediate);
    }
    expect(connections).toBe(1);
    counting.close().closeAllConnections();
  });

  it('does not wait for a stream to end that said that it is done', async () => {
    const { answer } = stream(openAiStream.events(openAiStream.textEvents('Hi'), 'hang'), { timeoutMs: 60_000 });
    expect((await answer).content).toBe('Hi');
  });
});
