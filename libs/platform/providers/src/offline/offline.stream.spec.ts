import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@headrace/contracts';
import type { AnswerDelta, GenerationRequest, StreamOptions } from '../ai-provider.js';
import { SchemaCompiler } from '../schema/schema-compiler.js';
import { piecesOf } from './offline-stream.js';
import { OfflineProvider } from './offline.provider.js';

const aRequest = (metadata: JsonObject, overrides: Partial<GenerationRequest> = {}): GenerationRequest => ({
  ...{ provider: 'offline', model: 'any', messages: [{ role: 'user', content: 'Tell me about a headrace, please' }] },
  ...{ parameters: {}, structuredOutput: null, access: null, workflow: 'demo', metadata },
  ...overrides,
});

function stream(
  metadata: JsonObject = {},
  overrides: Partial<GenerationRequest> = {},
  options: Partial<StreamOptions> = {},
) {
  const told: AnswerDelta[] = [];
  const defaults = { signal: new AbortController().signal, timeoutMs: 1_000 };
  const request = aRequest(metadata, overrides);
  const all = { ...defaults, onDelta: (delta: AnswerDelta) => void told.push(delta), ...options };
  return { told, request, answer: new OfflineProvider(true).stream(request, all) };
}

const text = (told: readonly AnswerDelta[]): string => told.map(({ content = '' }) => content).join('');

describe('a streamed answer of the offline provider', () => {
  it('comes in about ten pieces of words and is the one that comes whole', async () => {
    const { told, answer, request } = stream();
    const whole = await new OfflineProvider(true).generate(request, {
      signal: new AbortController().signal,
      timeoutMs: 1_000,
    });
    expect(await answer).toEqual(whole);
    expect(told).toHaveLength(10);
    expect(text(told)).toBe(whole.content);
    expect(told[0]).toEqual({ content: 'This ' });
  });

  it.each([1, 3, 40])('comes in %d pieces when that is asked for', async (chunks) => {
    const { told, answer } = stream({ chunks });
    const { content } = await answer;
    expect(told).toHaveLength(chunks);
    expect(text(told)).toBe(content);
  });

  it('pauses before each piece but the first', async () => {
    const started = performance.now();
    await stream({ chunks: 5, chunk_delay_ms: 20 }).answer;
    expect(performance.now() - started).toBeGreaterThan(75);
  });

  it('breaks in the middle when the connection is to break', async () => {
    const { told, answer } = stream({ error: 'disconnect', chunks: 6 });
    await expect(answer).rejects.toMatchObject({ code: 'connection_failed', retryable: true });
    expect(told).toHaveLength(3);
  });

  it.each([429, 500, 'content_filter', 'invalid_json'])('tells nothing when it fails with %s', async (error) => {
    const { told, answer } = stream({ error });
    await expect(answer).rejects.toHaveProperty('code');
    expect(told).toEqual([]);
  });

  it('ends at the time limit between two pieces', async () => {
    const { told, answer } = stream({ chunk_delay_ms: 60_000 }, {}, { timeoutMs: 20 });
    await expect(answer).rejects.toMatchObject({ code: 'timeout' });
    expect(told).toHaveLength(1);
  });

  it('is given up between two pieces', async () => {
    const giveUp = new AbortController();
    const options = { signal: giveUp.signal, timeoutMs: 60_000, onDelta: () => giveUp.abort() };
    await expect(stream({ chunk_delay_ms: 60_000 }, {}, options).answer).rejects.toMatchObject({ code: 'aborted' });
  });

  it('tells the arguments of a tool call in pieces', async () => {
    const { told, answer } = stream({ tool_call: { name: 'weather', arguments: { city: 'Oslo' } }, chunks: 3 });
    const { toolCalls, content } = await answer;
    expect(content).toBeNull();
    const pieces = told.flatMap((delta) => delta.toolCalls ?? []);
    expect(pieces[0]).toEqual({ ...toolCalls[0], index: 0, function: { name: 'weather', arguments: '' } });
    const rest = pieces.slice(1).map((piece) => (piece.function as { arguments: string }).arguments);
    expect(rest).toHaveLength(3);
    expect(rest.join('')).toBe('{"city":"Oslo"}');
  });

  it('tells what cannot be read as it would have been told otherwise', async () => {
    const schema = new SchemaCompiler().compile({ type: 'object' });
    const { told, answer } = stream({ error: 'invalid_json' }, { structuredOutput: { name: 'x', schema } });
    expect((await answer).content).toBe(text(told));
  });
});

describe('a text in pieces', () => {
  it.each([
    ['', 3, []],
    ['a b c', 3, ['a ', 'b ', 'c']],
    ['a b c d', 2, ['a b ', 'c d']],
    ['日本語😀', 4, ['日', '本', '語', '😀']],
    ['ab', 5, ['a', 'b']],
  ])('%j in %d', (whole, count, pieces) => {
    expect(piecesOf(whole, count)).toEqual(pieces);
  });
});
