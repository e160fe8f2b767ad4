import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@headrace/contracts';
import { aGeminiResponse, aGoogleError, googleProviderWire, googleWire } from '../testing/google-wire.fixtures.js';
import { failureOfCall, ProviderHarness, type CallOnItsWay } from '../testing/provider.harness.js';
import { dataEvent, jsonAnswer, streamAnswer } from '../testing/provider-wire.js';
import { GoogleProvider } from './google.provider.js';

let harness: ProviderHarness;
beforeAll(async () => {
  harness = await ProviderHarness.start();
});
afterEach(() => harness.server.reset());
afterAll(() => harness.stop());

const { request } = googleProviderWire;
const generate = (parts: JsonObject[], candidate?: JsonObject, more?: JsonObject): CallOnItsWay =>
  harness.generate(new GoogleProvider(harness.remote), googleWire.response(parts, candidate, more), request);
const stream = (events: JsonObject[]): CallOnItsWay =>
  harness.stream(new GoogleProvider(harness.remote), streamAnswer(events.map(dataEvent)), request);
const stopped = { finishReason: 'STOP' };

describe('Gemini’s answers', () => {
  it('count thoughts as part of the answer, and keep them apart from its text', async () => {
    const { body, content } = await generate([{ text: 'Let me see.', thought: true }, { text: 'Hi' }]).answer;
    expect(content).toBe('Hi');
    expect(body).toMatchObject({
      choices: [{ message: { content: 'Hi', reasoning_content: 'Let me see.' } }],
      usage: { completion_tokens: 10, completion_tokens_details: { reasoning_tokens: 3 } },
    });
  });

  it('keep the signature of a call, for the next turn', async () => {
    const part = { functionCall: { name: 'weather', args: {} }, thoughtSignature: 'sig' };
    const { toolCalls } = await generate([part]).answer;
    expect(toolCalls).toMatchObject([
      {
        id: 'call_M3iLaY-AI7zTxN8P3Piw4Qg_0',
        extra_content: { google: { thought_signature: 'sig', model: 'gemini-3.7-flash' } },
      },
    ]);
  });

  it('may be empty when all tokens went into thoughts', async () => {
    expect(await generate([], { finishReason: 'MAX_TOKENS' }).answer).toMatchObject({
      content: '',
      finishReason: 'length',
    });
  });

  it.each([
    ['nothing', {}, true],
    ['a malformed call', { finishReason: 'MALFORMED_FUNCTION_CALL' }, true],
    ['what nobody knows', { finishReason: 'OTHER', finishMessage: 'oops' }, false],
  ])('are worth another try after %s, or not', async (_what, candidate, retryable) => {
    expect(await failureOfCall(generate([], candidate).answer)).toMatchObject({ code: 'invalid_response', retryable });
  });
});

describe('Gemini’s streams', () => {
  it('have early models say in every chunk that they stopped', async () => {
    const { answer, told } = stream([
      aGeminiResponse([{ text: 'Hel' }], stopped),
      aGeminiResponse([{ text: 'lo' }], stopped),
    ]);
    expect((await answer).content).toBe('Hello');
    expect(told).toEqual([{ content: 'Hel' }, { content: 'lo' }]);
  });

  it('keep thoughts, and do not tell them', async () => {
    const { answer, told } = stream([
      aGeminiResponse([{ text: 'Let me ', thought: true }]),
      aGeminiResponse([{ text: 'see.', thought: true }, { text: 'Hi' }], stopped),
    ]);
    expect((await answer).body.choices).toMatchObject([
      { message: { content: 'Hi', reasoning_content: 'Let me see.' } },
    ]);
    expect(told).toEqual([{ content: 'Hi' }]);
  });

  it('name a call that has no id the same in its piece and in the answer', async () => {
    const { answer, told } = stream([aGeminiResponse([{ functionCall: { name: 'weather', args: {} } }], stopped)]);
    const { toolCalls } = await answer;
    expect(told).toEqual([{ toolCalls: [{ index: 0, ...toolCalls[0] }] }]);
  });

  it('are read from a list too, where the question for events is not understood', async () => {
    const list = [aGeminiResponse([{ text: 'Hel' }]), aGeminiResponse([{ text: 'lo' }], stopped)];
    const call = harness.stream(new GoogleProvider(harness.remote), jsonAnswer(200, list), request);
    expect((await call.answer).content).toBe('Hello');
    const failed = harness.stream(
      new GoogleProvider(harness.remote),
      jsonAnswer(200, [aGoogleError(503, 'UNAVAILABLE', 'no')]),
      request,
    );
    expect(await failureOfCall(failed.answer)).toMatchObject({ code: 'provider_failed' });
  });
});

describe('the name of a model', () => {
  it('may say itself where the model is', async () => {
    harness.server.answerNext(googleWire.response([{ text: 'Hi' }]));
    const provider = new GoogleProvider(harness.remote);
    const tuned = harness.request({ ...request, model: 'tunedModels/mine' });
    await provider.generate(tuned, { signal: new AbortController().signal, timeoutMs: 2_000 });
    expect((await harness.server.next()).path).toBe('/v1/tunedModels/mine:generateContent');
  });

  it.each(['../../secret', 'a/../b', 'a?b', ''])('is no other address: "%s"', async (model) => {
    const provider = new GoogleProvider(harness.remote);
    const answer = provider.generate(harness.request({ ...request, model }), {
      signal: new AbortController().signal,
      timeoutMs: 2_000,
    });
    expect((await failureOfCall(answer)).message).toMatch(/^model must be the name of a model/);
    expect(harness.server.requests).toHaveLength(0);
  });
});
