import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ReceiverAnswer } from '@headrace/testing';
import type { GenerationRequest, ProviderAccess, StreamOptions } from '../ai-provider.js';
import { failureOfCall, ProviderHarness, type CallOnItsWay } from './provider.harness.js';
import { heldStream, streamAnswer, type ProviderWire } from './provider-wire.js';

const usage = { promptTokens: 19, completionTokens: 10 };
const calls = [
  { type: 'function', function: { name: 'weather', arguments: '{"city":"Oslo"}' } },
  { type: 'function', function: { name: 'time', arguments: '{}' } },
];
const tool = (name: string) => ({
  type: 'function',
  function: { name, parameters: { type: 'object', properties: { city: { type: 'string' } } } },
});

/** What the adapter of every remote provider does, told by the wire of its provider. */
export function providerContract(name: string, wire: ProviderWire): void {
  let harness: ProviderHarness;
  beforeAll(async () => {
    harness = await ProviderHarness.start();
  });
  afterEach(() => harness.server.reset());
  afterAll(() => harness.stop());

  const generate = (answer: ReceiverAnswer, more: Partial<GenerationRequest> = {}): CallOnItsWay =>
    harness.generate(wire.provider(harness.remote), answer, { ...wire.request, ...more });
  const stream = (
    answer: ReceiverAnswer,
    options: Partial<StreamOptions> = {},
    more: Partial<GenerationRequest> = {},
  ): CallOnItsWay => harness.stream(wire.provider(harness.remote), answer, { ...wire.request, ...more }, options);
  const text = (...pieces: string[]): string[] => [
    ...wire.stream.start,
    ...pieces.map(wire.stream.text),
    ...wire.stream.end,
  ];
  const started = (...pieces: string[]): string[] => text(...pieces).slice(0, -wire.stream.end.length);

  describe(`${name} that answers at once`, () => {
    it('is asked with the key and nothing of the client besides', async () => {
      await generate(wire.whole.text('Hi'), { metadata: { user_id: 'u-1' } }).answer;
      const { method, path, headers, body } = await harness.server.next();
      expect([method, path]).toEqual(['POST', `/v1${wire.paths.whole}`]);
      const [header, value] = wire.key(ProviderHarness.apiKey);
      expect(headers).toMatchObject({
        [header]: value,
        'content-type': 'application/json',
        accept: 'application/json',
      });
      expect(headers).not.toHaveProperty('traceparent');
      expect(body.toString()).not.toMatch(/u-1|workflow|demo/);
    });

    it('gives the text, the usage and why it stopped, in a body of OpenAI’s form', async () => {
      const answer = await generate(wire.whole.text('Hello there!')).answer;
      expect(answer).toMatchObject({ content: 'Hello there!', toolCalls: [], finishReason: 'stop', usage });
      expect(answer.body).toMatchObject({
        id: expect.any(String),
        object: 'chat.completion',
        created: expect.any(Number),
        model: expect.any(String),
        choices: [{ index: 0, message: { role: 'assistant', content: 'Hello there!' }, finish_reason: 'stop' }],
        usage: { prompt_tokens: 19, completion_tokens: 10, total_tokens: 29 },
      });
    });

    it('tells that a text was cut at the limit of tokens', async () => {
      expect(await generate(wire.whole.cut('Hello the')).answer).toMatchObject({
        content: 'Hello the',
        finishReason: 'length',
      });
    });

    it('calls tools', async () => {
      const parameters = { tools: [tool('weather'), tool('time')] };
      const answer = await generate(wire.whole.toolCalls(), { parameters }).answer;
      expect(answer).toMatchObject({ toolCalls: calls, finishReason: 'tool_calls' });
      const ids = new Set(answer.toolCalls.map(({ id }) => id));
      expect(ids.size).toBe(2);
      for (const id of ids) expect(id).toMatch(/./);
    });

    it.each(wire.whole.withheld)('tells of %s', async (_what, answer, code) => {
      expect(await failureOfCall(generate(answer).answer)).toMatchObject({ code, httpStatus: 200 });
    });
  });

  describe(`${name} that fails`, () => {
    it.each<[string, ProviderAccess | null]>([
      ['no credentials', null],
      ['neither key nor base URL', { apiKey: null, baseUrl: null }],
    ])('is not called with %s', async (_what, access) => {
      expect(await failureOfCall(generate(wire.whole.text('Hi'), { access }).answer)).toMatchObject({
        code: 'missing_credentials',
        message: 'Provider credentials not configured',
        retryable: false,
      });
      expect(harness.server.requests).toHaveLength(0);
    });

    it.each(['whole', 'stream'] as const)('tells how long its rate limit lasts (%s)', async (way) => {
      const answer = wire.whole.rateLimit(7);
      const { answer: call } = way === 'whole' ? generate(answer) : stream(answer);
      const error = await failureOfCall(call);
      expect(error).toMatchObject({ code: 'rate_limited', httpStatus: 429, retryable: true, retryAfterMs: 7_000 });
      expect(error.message).toMatch(/^HTTP 429: ./);
    });

    it.each(wire.whole.errors)('tells of $name', async ({ answer, code, retryable, message = /^HTTP \d{3}: ./ }) => {
      const error = await failureOfCall(generate(answer).answer);
      expect(error).toMatchObject({ code, retryable, httpStatus: answer.status });
      expect(error.message).toMatch(message);
    });

    it.each(['whole', 'stream'] as const)('never repeats the key (%s)', async (way) => {
      const answer = wire.whole.badKey(ProviderHarness.apiKey);
      const { answer: call } = way === 'whole' ? generate(answer) : stream(answer);
      const error = await failureOfCall(call);
      expect(error).toMatchObject({ code: 'authentication_failed', retryable: false });
      expect(`${error.message} ${String(error.stack)}`).not.toContain(ProviderHarness.apiKey);
    });

    it.each<[string, ReceiverAnswer, string, number | null, boolean]>([
      ['an error page', { status: 502, body: '<html><h1>502</h1></html>' }, 'provider_failed', 502, true],
      ['a redirect', { status: 302, headers: { location: 'http://169.254.169.254/' } }, 'invalid_response', 302, false],
      ['half a body', { body: '{"id":"x","content":[' }, 'invalid_response', 200, false],
      ['a body that is a list', { body: '[]' }, 'invalid_response', 200, false],
      ['a body of nothing', { body: '{}' }, 'invalid_response', 200, false],
      ['no connection', { reset: true }, 'connection_failed', null, true],
      ['more than the limit', wire.whole.text('x'.repeat(5_000)), 'response_too_large', 200, false],
    ])('tells of %s', async (_what, answer, code, httpStatus, retryable) => {
      expect(await failureOfCall(generate(answer).answer)).toMatchObject({ code, httpStatus, retryable });
      expect(harness.server.requests).toHaveLength(1);
    });

    it('is given up after its time', async () => {
      const provider = wire.provider(harness.remote);
      harness.server.answerNext({ ...wire.whole.text('slow'), dripMs: 20 });
      const options = { signal: new AbortController().signal, timeoutMs: 150 };
      const answer = provider.generate(harness.request(wire.request), options);
      expect(await failureOfCall(answer)).toMatchObject({
        code: 'timeout',
        message: 'The provider did not answer within 150 ms.',
        retryable: true,
      });
    });

    it('is given up with its caller', async () => {
      const provider = wire.provider(harness.remote);
      harness.server.answerNext({ hang: true });
      const giveUp = new AbortController();
      const options = { signal: giveUp.signal, timeoutMs: 60_000 };
      const error = failureOfCall(provider.generate(harness.request(wire.request), options));
      await harness.server.next();
      giveUp.abort();
      expect(await error).toMatchObject({ code: 'aborted' });
    });
  });

  describe(`${name} that streams`, () => {
    it('is asked for a stream', async () => {
      await stream(streamAnswer(text('Hi'))).answer;
      const { path, headers } = await harness.server.next();
      expect(path).toBe(`/v1${wire.paths.stream}`);
      expect(headers).toMatchObject({ accept: 'text/event-stream' });
    });

    it('tells each piece of text as it comes, and all of it in the end', async () => {
      const heard = Promise.withResolvers<void>();
      async function* events() {
        yield* started('Hel');
        await heard.promise;
        yield* [wire.stream.text('lo'), ...wire.stream.end];
      }
      const told: string[] = [];
      const onDelta: StreamOptions['onDelta'] = ({ content }) => {
        told.push(content ?? '');
        heard.resolve();
      };
      const answer = await stream(heldStream(events()), { onDelta }).answer;
      expect(told).toEqual(['Hel', 'lo']);
      expect(answer).toMatchObject({ content: 'Hello', finishReason: 'stop', usage });
      expect(answer.body).toMatchObject({ object: 'chat.completion', choices: [{ message: { content: 'Hello' } }] });
    });

    it('takes characters apart and events together as they come', async () => {
      const bytes = Buffer.from(text('Grüße 🌍').join(''));
      const pieces = Array.from(bytes, (_, index) => bytes.subarray(index, index + 1));
      const whole: ReceiverAnswer = { headers: { 'content-type': 'text/event-stream' }, pieces };
      expect((await stream(whole).answer).content).toBe('Grüße 🌍');
    });

    it('tells calls of tools in pieces, as OpenAI does', async () => {
      const parameters = { tools: [tool('weather'), tool('time')] };
      const { answer, told } = stream(streamAnswer(wire.stream.toolCalls), {}, { parameters });
      expect(await answer).toMatchObject({ toolCalls: calls, finishReason: 'tool_calls' });
      const pieces = told.flatMap(({ toolCalls = [] }) => toolCalls) as unknown as ToolCallPiece[];
      const joined = [0, 1].map((index) => {
        const [first, ...rest] = pieces.filter((piece) => piece.index === index);
        expect(first).toMatchObject({
          id: expect.any(String),
          type: 'function',
          function: { name: expect.any(String) },
        });
        for (const piece of rest) expect(piece).toEqual({ index, function: { arguments: expect.any(String) } });
        const given = [first, ...rest].map((piece) => piece?.function.arguments ?? '').join('');
        return { name: first?.function.name, given: given === '' ? '{}' : given };
      });
      expect(joined.map(({ name: called }) => called)).toEqual(['weather', 'time']);
      expect(joined.map(({ given }) => JSON.parse(given) as unknown)).toEqual([{ city: 'Oslo' }, {}]);
    });

    it('may answer at once all the same', async () => {
      const { answer, told } = stream(wire.whole.text('Hello'));
      expect(await answer).toMatchObject({ content: 'Hello', usage });
      expect(told).toEqual([{ content: 'Hello' }]);
    });

    it.each(wire.stream.withheld)('tells of %s', async (_what, events, code) => {
      expect(await failureOfCall(stream(streamAnswer(events)).answer)).toMatchObject({ code, httpStatus: 200 });
    });

    it('tells of an error in the middle, after the pieces that came before', async () => {
      const { event, code } = wire.stream.error(`bad key ${ProviderHarness.apiKey}`);
      const { answer, told } = stream(streamAnswer([...started('We'), event]));
      const error = await failureOfCall(answer);
      expect(error).toMatchObject({ code, httpStatus: 200, retryable: true });
      expect(error.message).toContain('bad key ***');
      expect(told).toEqual([{ content: 'We' }]);
    });

    it.each<[string, () => ReceiverAnswer, string, number | null, boolean]>([
      [
        'a piece that is not JSON',
        () => streamAnswer([...started('We'), 'data: {"a":\n\n']),
        'invalid_response',
        200,
        false,
      ],
      [
        'a piece that is a number',
        () => streamAnswer([...started('We'), 'data: 1\n\n']),
        'invalid_response',
        200,
        false,
      ],
      ['a page in place of a stream', () => ({ body: '<html></html>' }), 'invalid_response', 200, false],
      ['an end in the middle', () => streamAnswer(started('We')), 'connection_failed', 200, true],
      ['a connection that breaks', () => streamAnswer(started('We'), 'reset'), 'connection_failed', null, true],
      [
        'more text than the limit',
        () => streamAnswer(text(...Array<string>(50).fill('x'.repeat(100)))),
        'response_too_large',
        200,
        false,
      ],
      ['an event over the limit', () => streamAnswer(text('x'.repeat(5_000))), 'response_too_large', 200, false],
    ])('tells of %s', async (_what, answer, code, httpStatus, retryable) => {
      expect(await failureOfCall(stream(answer()).answer)).toMatchObject({ code, httpStatus, retryable });
    });

    it('is given up when it falls silent', async () => {
      const { answer } = stream(streamAnswer(started('We'), 'hang'), { timeoutMs: 60_000, idleMs: 100 });
      expect(await failureOfCall(answer)).toMatchObject({ code: 'timeout', retryable: true });
    });

    it('is given up with its caller, which ends the call', async () => {
      const giveUp = new AbortController();
      const closed = Promise.withResolvers<void>();
      async function* endless() {
        try {
          yield* wire.stream.start;
          for (;;) {
            yield wire.stream.text('x');
            await new Promise(setImmediate);
          }
        } finally {
          closed.resolve();
        }
      }
      const { answer } = stream(heldStream(endless()), { signal: giveUp.signal, onDelta: () => giveUp.abort() });
      expect(await failureOfCall(answer)).toMatchObject({ code: 'aborted' });
      await closed.promise;
    });
  });
}

interface ToolCallPiece {
  readonly index: number;
  readonly id?: string;
  readonly function: { readonly name?: string; readonly arguments: string };
}
