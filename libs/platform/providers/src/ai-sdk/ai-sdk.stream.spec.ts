import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { AiSdkHarness } from '../testing/ai-sdk.harness.js';
import { aChunk, openAiStream, sseData } from '../testing/openai-stream.fixtures.js';
import { openAiWire } from '../testing/openai-wire.fixtures.js';
import { failureOfCall } from '../testing/provider.harness.js';

const { apiKey } = AiSdkHarness;
let harness: AiSdkHarness;

beforeAll(async () => {
  harness = await AiSdkHarness.start();
});
afterEach(() => harness.server.reset());
afterAll(() => harness.stop());

const tools = [{ type: 'function', function: { name: 'weather', parameters: { type: 'object', properties: {} } } }];

describe('a stream of a package', () => {
  it('is told piece by piece, and whole in the end', async () => {
    const { answer, told } = harness.stream(openAiStream.text('Hello', ' there!'));
    expect(await answer).toMatchObject({
      ...{ content: 'Hello there!', finishReason: 'stop', toolCalls: [] },
      body: { object: 'chat.completion', id: 'chatcmpl-CkQ1x0d5J7mFZVYw3rQ2' },
    });
    expect(told).toEqual([{ content: 'Hello' }, { content: ' there!' }]);
  });

  it('tells calls of tools in pieces', async () => {
    const { answer, told } = harness.stream(openAiStream.toolCalls(), {}, { parameters: { tools } });
    expect((await answer).toolCalls).toEqual([
      { id: 'call_a', type: 'function', function: { name: 'weather', arguments: '{"city":"Oslo"}' } },
      { id: 'call_b', type: 'function', function: { name: 'time', arguments: '{}' } },
    ]);
    const pieces = told.flatMap(({ toolCalls = [] }) => toolCalls);
    expect(pieces[0]).toEqual({
      ...{ index: 0, id: 'call_a', type: 'function', function: { name: 'weather', arguments: '' } },
    });
    const input = pieces
      .filter(({ index }) => index === 0)
      .map((piece) => (piece.function as { arguments: string }).arguments);
    expect(input.join('')).toBe('{"city":"Oslo"}');
    expect(pieces.some(({ id }) => id === 'call_b')).toBe(true);
  });

  it.each([
    ['a rate limit', openAiWire.rateLimit('7'), 'rate_limited', 429, true],
    ['a content filter', openAiStream.contentFilter(), 'content_filtered', 200, false],
    [
      'an end in the middle',
      openAiStream.events([sseData(aChunk({ content: 'We' }))], 'reset'),
      'connection_failed',
      null,
      true,
    ],
    [
      'more text than the limit',
      openAiStream.text(...Array<string>(50).fill('x'.repeat(100))),
      'response_too_large',
      200,
      false,
    ],
  ] as const)('tells of %s', async (_name, answer, code, httpStatus, retryable) => {
    expect(await failureOfCall(harness.stream(answer).answer)).toMatchObject({ code, httpStatus, retryable });
    expect(harness.server.requests).toHaveLength(1);
  });

  it('tells of an error in the middle without the key', async () => {
    const { answer, told } = harness.stream(openAiStream.errorAfterText({ code: 502, message: `bad ${apiKey}` }));
    const error = await failureOfCall(answer);
    expect(error.code).toBe('provider_failed');
    expect(`${error.message} ${String(error.stack)}`).not.toContain(apiKey);
    expect(told).toEqual([{ content: 'We' }]);
  });

  it('ends when the provider falls silent', async () => {
    const { answer } = harness.stream(openAiStream.events([sseData(aChunk({ content: 'We' }))], 'hang'), {
      ...{ timeoutMs: 60_000, idleMs: 100 },
    });
    expect(await failureOfCall(answer)).toMatchObject({ code: 'timeout', message: expect.stringContaining('100 ms') });
  });

  it('ends when its caller gives up, and ends the call', async () => {
    const giveUp = new AbortController();
    const closed = Promise.withResolvers<void>();
    async function* endless() {
      try {
        for (;;) {
          yield sseData(aChunk({ content: 'x' }));
          await new Promise(setImmediate);
        }
      } finally {
        closed.resolve();
      }
    }
    const { answer } = harness.stream(openAiStream.held(endless()), {
      signal: giveUp.signal,
      onDelta: () => giveUp.abort(),
    });
    expect(await failureOfCall(answer)).toMatchObject({ code: 'aborted' });
    await closed.promise;
  });
});
