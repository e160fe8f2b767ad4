import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ReceiverAnswer } from '@headrace/testing';
import type { StreamOptions } from '../ai-provider.js';
import { aChunk, openAiStream, sseData, sseDone } from '../testing/openai-stream.fixtures.js';
import { openAiWire } from '../testing/openai-wire.fixtures.js';
import { failureOfCall, ProviderHarness, type CallOnItsWay } from '../testing/provider.harness.js';
import { OpenAiCompatibleProvider } from './openai-compatible.provider.js';
import { anyAddressPreset } from './provider-presets.js';

let harness: ProviderHarness;

beforeAll(async () => {
  harness = await ProviderHarness.start();
});
afterEach(() => harness.server.reset());
afterAll(() => harness.stop());

const stream = (answer: ReceiverAnswer, options: Partial<StreamOptions> = {}): CallOnItsWay =>
  harness.stream(new OpenAiCompatibleProvider(harness.remote, anyAddressPreset), answer, {}, options);

describe('a failed stream', () => {
  it.each([
    ['a rate limit before the stream', () => openAiWire.rateLimit('7'), 'rate_limited', 429, true],
    ['an error of the server', () => openAiWire.serverError(), 'provider_failed', 500, true],
    ['a refusal', () => openAiStream.refusal(), 'refused', 200, false],
    ['a content filter', () => openAiStream.contentFilter(), 'content_filtered', 200, false],
    [
      'an overload in the middle',
      () => openAiStream.errorAfterText({ code: 502, message: 'no' }),
      'provider_failed',
      200,
      true,
    ],
    [
      'a rate limit in the middle',
      () => openAiStream.errorAfterText({ code: 429, message: 'no' }),
      'rate_limited',
      200,
      true,
    ],
    [
      'a bad request in the middle',
      () => openAiStream.errorAfterText({ type: 'invalid_request_error', message: 'no' }),
      'invalid_request',
      200,
      false,
    ],
    ['an error that is a text', () => openAiStream.errorAfterText('out of memory'), 'provider_failed', 200, true],
    ['a piece that is not JSON', () => openAiStream.events(['data: {"choices":[\n\n']), 'invalid_response', 200, false],
    ['a piece that is a number', () => openAiStream.events(['data: 1\n\n']), 'invalid_response', 200, false],
    ['a stream of nothing', () => openAiStream.events([]), 'invalid_response', 200, false],
    [
      'a page in place of a stream',
      () => ({ headers: { 'content-type': 'text/html' }, body: '<html></html>' }),
      'invalid_response',
      200,
      false,
    ],
    ['only [DONE]', () => openAiStream.events([sseDone]), 'invalid_response', 200, false],
    [
      'a stream that ends in the middle',
      () => openAiStream.events([sseData(aChunk({ content: 'We' }))]),
      'connection_failed',
      200,
      true,
    ],
    [
      'a connection that breaks',
      () => openAiStream.events([sseData(aChunk({ content: 'We' }))], 'reset'),
      'connection_failed',
      null,
      true,
    ],
    ['no connection', () => openAiWire.disconnect(), 'connection_failed', null, true],
    [
      'more text than the limit',
      () => openAiStream.text(...Array<string>(50).fill('x'.repeat(100))),
      'response_too_large',
      200,
      false,
    ],
    ['an event over the limit', () => openAiStream.text('x'.repeat(5_000)), 'response_too_large', 200, false],
    ['a whole body over the limit', () => openAiWire.text('x'.repeat(5_000)), 'response_too_large', 200, false],
  ] as const)('tells of %s', async (_name, answer, code, httpStatus, retryable) => {
    expect(await failureOfCall(stream(answer()).answer)).toMatchObject({ code, httpStatus, retryable });
    expect(harness.server.requests).toHaveLength(1);
  });

  it('is told after the pieces that came before', async () => {
    const { answer, told } = stream(
      openAiStream.errorAfterText({ code: 502, message: `bad key ${ProviderHarness.apiKey}` }),
    );
    expect((await failureOfCall(answer)).message).toBe('bad key ***');
    expect(told).toEqual([{ content: 'We' }]);
  });

  it.each([
    ['does not begin', openAiWire.hanging()],
    ['stops in the middle', openAiStream.events([sseData(aChunk({ content: 'We' }))], 'hang')],
  ])('ends in time when the stream %s', async (_name, answer) => {
    expect(await failureOfCall(stream(answer, { timeoutMs: 150 }).answer)).toMatchObject({
      code: 'timeout',
      message: 'The provider did not answer within 150 ms.',
    });
  });

  it('ends when the provider falls silent', async () => {
    const { answer } = stream(openAiStream.events([sseData(aChunk({ content: 'We' }))], 'hang'), {
      timeoutMs: 60_000,
      idleMs: 100,
    });
    expect(await failureOfCall(answer)).toMatchObject({
      code: 'timeout',
      message: 'The provider said nothing for 100 ms in the middle of its answer.',
      retryable: true,
    });
  });

  it('ends when its caller gives up in the middle, and ends the call', async () => {
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
    const { answer } = stream(openAiStream.held(endless()), { signal: giveUp.signal, onDelta: () => giveUp.abort() });
    expect(await failureOfCall(answer)).toMatchObject({ code: 'aborted' });
    await closed.promise;
  });
});
