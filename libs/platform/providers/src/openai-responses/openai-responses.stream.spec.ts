import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ReceiverAnswer } from '@headrace/testing';
import type { StreamOptions } from '../ai-provider.js';
import { responsesEvent, responsesStream, responsesWire, aResponse } from '../testing/openai-responses.fixtures.js';
import { openAiWire } from '../testing/openai-wire.fixtures.js';
import { failureOfCall, ProviderHarness, type CallOnItsWay } from '../testing/provider.harness.js';
import { OpenAiResponsesProvider } from './openai-responses.provider.js';

let harness: ProviderHarness;

beforeAll(async () => {
  harness = await ProviderHarness.start();
});
afterEach(() => harness.server.reset());
afterAll(() => harness.stop());

const stream = (answer: ReceiverAnswer, options: Partial<StreamOptions> = {}): CallOnItsWay =>
  harness.stream(new OpenAiResponsesProvider(harness.remote), answer, { provider: 'openai-responses' }, options);

describe('a streamed call of the Responses API', () => {
  it('tells the text as it comes and gives the answer that a whole call would have given', async () => {
    const { answer, told } = stream(responsesStream.text('Hello', ' there!'));
    const whole = await answer;
    expect(told).toEqual([{ content: 'Hello' }, { content: ' there!' }]);
    expect(whole).toMatchObject({
      ...{ content: 'Hello there!', toolCalls: [], finishReason: 'stop' },
      usage: { promptTokens: 19, completionTokens: 10 },
    });
    const request = await harness.server.next();
    expect(request.headers).toMatchObject({ accept: 'text/event-stream' });
    expect(request.json()).toMatchObject({ stream: true });
  });

  it('tells pieces of function calls and puts them together', async () => {
    const { answer, told } = stream(responsesStream.toolCalls());
    expect(await answer).toMatchObject({ content: null, finishReason: 'tool_calls' });
    expect((await answer).toolCalls).toEqual([
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

  it('says that an answer was cut at its limit', async () => {
    const { answer } = stream(responsesStream.incomplete('max_output_tokens'));
    expect(await answer).toMatchObject({ content: 'Well', finishReason: 'length' });
  });

  it('does without an output in the last event', async () => {
    const events = responsesStream.textEvents('Hi').slice(0, -1);
    const last = responsesEvent('response.completed', { response: aResponse({ output: [] }) });
    expect(await stream(responsesStream.events([...events, last])).answer).toMatchObject({ content: 'Hi' });
  });

  it('takes a whole body in place of a stream', async () => {
    const { answer, told } = stream(responsesWire.text('Hello there!'));
    expect((await answer).content).toBe('Hello there!');
    expect(told).toEqual([{ content: 'Hello there!' }]);
  });

  it('does not wait for a stream to end that said that it is done', async () => {
    const { answer } = stream(responsesStream.events(responsesStream.textEvents('Hi'), 'hang'), { timeoutMs: 60_000 });
    expect((await answer).content).toBe('Hi');
  });
});

const { events, opening, textDelta } = responsesStream;

describe('a failed stream of the Responses API', () => {
  it.each([
    ['a rate limit before the stream', openAiWire.rateLimit('7'), 'rate_limited', 429, true],
    ['an error of the server', openAiWire.serverError(), 'provider_failed', 500, true],
    ['a refusal', responsesStream.refusal(), 'refused', 200, false],
    ['a content filter', responsesStream.incomplete('content_filter'), 'content_filtered', 200, false],
    ['a failure in the middle', responsesStream.failed('server_error', 'oops'), 'provider_failed', 200, true],
    [
      'an error event',
      events([...opening, responsesEvent('error', { code: 'rate_limit_exceeded', message: 'slow', param: null })]),
      ...(['rate_limited', 200, true] as const),
    ],
    [
      'an error event with its members inside',
      events([responsesEvent('error', { error: { type: 'invalid_request_error', code: null, message: 'no' } })]),
      ...(['invalid_request', 200, false] as const),
    ],
    ['a piece that is not JSON', events(['data: {"type":\n\n']), 'invalid_response', 200, false],
    [
      'arguments of a call that did not begin',
      events([responsesEvent('response.function_call_arguments.delta', { output_index: 3, delta: '{' })]),
      ...(['invalid_response', 200, false] as const),
    ],
    ['a stream that ends in the middle', events([...opening, textDelta('We')]), 'connection_failed', 200, true],
    ['a connection that breaks', events([...opening, textDelta('We')], 'reset'), 'connection_failed', null, true],
    [
      'more text than the limit',
      events([...opening, ...Array<string>(50).fill(textDelta('x'.repeat(100)))]),
      ...(['response_too_large', 200, false] as const),
    ],
  ] as const)('tells of %s', async (_name, answer, code, httpStatus, retryable) => {
    expect(await failureOfCall(stream(answer).answer)).toMatchObject({ code, httpStatus, retryable });
    expect(harness.server.requests).toHaveLength(1);
  });

  it('ends in time when the stream stops in the middle', async () => {
    const { answer, told } = stream(events([...opening, textDelta('We')], 'hang'), { timeoutMs: 150 });
    expect(await failureOfCall(answer)).toMatchObject({ code: 'timeout' });
    expect(told).toEqual([{ content: 'We' }]);
  });

  it('ends when its caller gives up', async () => {
    const giveUp = new AbortController();
    const options = { signal: giveUp.signal, timeoutMs: 60_000, onDelta: () => giveUp.abort() };
    const { answer } = stream(events([...opening, textDelta('We')], 'hang'), options);
    expect(await failureOfCall(answer)).toMatchObject({ code: 'aborted' });
  });
});
