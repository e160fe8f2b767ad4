import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@headrace/contracts';
import { once } from 'node:events';
import { aCompletion, aFailure, anAnswer } from '../testing/answers.fixtures.js';
import { SyncHarness, type Answerer } from '../testing/sync.harness.js';

const messages = [{ role: 'user', content: 'Hello' }];
let gateway: SyncHarness;

beforeAll(async () => {
  gateway = await SyncHarness.start({ streamHeartbeatMs: 60_000 });
});
afterAll(() => gateway.close());

interface Chunk {
  readonly choices: { index: number; delta: JsonObject; finish_reason: string | null }[];
  readonly usage?: JsonObject | null;
  readonly error?: JsonObject;
}

/** The events of a stream; `[DONE]` as the text. */
const eventsOf = (text: string): (Chunk | '[DONE]')[] =>
  text
    .split('\n\n')
    .filter((event) => event.startsWith('data: '))
    .map((event) => event.slice('data: '.length))
    .map((data) => (data === '[DONE]' ? data : (JSON.parse(data) as Chunk)));
const chunksOf = (text: string) => eventsOf(text).filter((event) => event !== '[DONE]');
const contentOf = (text: string) =>
  chunksOf(text)
    .flatMap(({ choices = [] }) => choices)
    .map(({ delta }) => (typeof delta.content === 'string' ? delta.content : ''))
    .join('');

async function stream(answer: Answerer, fields: object = {}, harness = gateway) {
  const answered = harness.onRequest(answer);
  const response = await harness.fetch('/v1/ai', { workflow: 'demo', messages, stream: true, ...fields });
  const text = await response.text();
  return { response, text, request: await answered };
}

describe('a streamed answer', () => {
  it('comes in chunks as it is told, with a finish reason and [DONE] at the end', async () => {
    const { response, text, request } = await stream(async (_, runner) => {
      runner.tell({ content: 'Hello' });
      runner.tell({ content: ' there.' });
      await runner.complete(anAnswer());
    });
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
      'x-modelriver-workflow': 'demo',
      'x-modelriver-channel-id': request.address.channel,
    });
    const head = {
      id: `chatcmpl-${request.address.channel}`,
      object: 'chat.completion.chunk',
      created: expect.any(Number),
      model: 'demo',
    };
    const choice = { index: 0, logprobs: null, finish_reason: null };
    expect(eventsOf(text)).toEqual([
      { ...head, choices: [{ ...choice, delta: { role: 'assistant', content: 'Hello' } }] },
      { ...head, choices: [{ ...choice, delta: { content: ' there.' } }] },
      { ...head, choices: [{ ...choice, delta: {}, finish_reason: 'stop' }] },
      '[DONE]',
    ]);
  });

  it('is asked for as such in the log', async () => {
    const { request } = await stream((_, runner) => runner.complete(anAnswer()));
    expect(request.data).toMatchObject({ context: { sync: true, stream: true } });
  });

  it('comes whole, with all that is known in the headers, when no piece of it was told', async () => {
    const { response, text } = await stream((_, runner) => runner.complete(anAnswer()));
    expect(contentOf(text)).toBe('Hello there.');
    expect(response.headers.get('x-modelriver-provider')).toBe('offline');
  });

  it('is made whole at the end when pieces were lost', async () => {
    const { text } = await stream(async (_, runner) => {
      runner.tell({ content: 'Hel' });
      runner.lose();
      runner.tell({ content: 'the' });
      await runner.complete(anAnswer());
    });
    expect(contentOf(text)).toBe('Hello there.');
    expect(eventsOf(text).at(-1)).toBe('[DONE]');
  });

  it('tells the tokens in a chunk of their own when that is asked for', async () => {
    const { text } = await stream(
      async (_, runner) => {
        runner.tell({ content: 'Hello there.' });
        await runner.complete(anAnswer());
      },
      { stream_options: { include_usage: true } },
    );
    const chunks = chunksOf(text);
    expect(chunks.slice(0, -1).every(({ usage }) => usage === null)).toBe(true);
    expect(chunks.at(-1)).toMatchObject({
      choices: [],
      usage: { prompt_tokens: 3, completion_tokens: 5, total_tokens: 8 },
    });
  });

  it('tells tool calls, and what was lost of them', async () => {
    const call = { id: 'call-1', type: 'function', function: { name: 'look_up', arguments: '{"city":"Bern"}' } };
    const other = { id: 'call-2', type: 'function', function: { name: 'look_up', arguments: '{}' } };
    const completion = aCompletion({ content: null, tool_calls: [call, other] }, 'tool_calls');
    const { text } = await stream(async (_, runner) => {
      runner.tell({ toolCalls: [{ index: 0, ...call, function: { name: 'look_up', arguments: '' } }] });
      runner.tell({ toolCalls: [{ index: 0, function: { arguments: '{"city"' } }] });
      runner.lose();
      await runner.complete(anAnswer(completion));
    });
    const deltas = chunksOf(text).flatMap(({ choices }) => choices.map(({ delta }) => delta.tool_calls));
    expect(deltas.slice(1, 3)).toEqual([
      [{ index: 0, function: { arguments: '{"city"' } }],
      [
        { index: 0, function: { arguments: ':"Bern"}' } },
        { index: 1, ...other },
      ],
    ]);
    expect(chunksOf(text).at(-1)?.choices[0]?.finish_reason).toBe('tool_calls');
  });

  it('tells further choices at the end', async () => {
    const completion = aCompletion();
    const choices = [...(completion.choices as JsonObject[])];
    choices.push({ index: 1, message: { role: 'assistant', content: 'Hi.' }, finish_reason: 'length' });
    const { text } = await stream((_, runner) => runner.complete(anAnswer({ ...completion, choices })));
    const second = chunksOf(text).flatMap(({ choices: told }) => told.filter(({ index }) => index === 1));
    expect(second).toMatchObject([{ delta: { role: 'assistant', content: 'Hi.' } }, { finish_reason: 'length' }]);
  });

  it.each([
    ['the words of the model', '{"stars": 5}', ['{"stars"', ': 5}']],
    ['the object', '{"stars":5}', ['{"stars":5}']],
    ['the object', '{"stars":5}', []],
  ])('tells of a structured output %s: %s', async (_, told, pieces) => {
    const { text } = await stream(async (_request, runner) => {
      for (const content of pieces) runner.tell({ content });
      const { generation } = anAnswer(undefined, { structuredOutput: true });
      await runner.complete({ generation, output: { data: { stars: 5 }, content: '{"stars": 5}' } });
    });
    expect(contentOf(text)).toBe(told);
  });

  it('breaks off with an error when the AI fails in the middle', async () => {
    const { response, text } = await stream(async (_, runner) => {
      runner.tell({ content: 'Hel' });
      await runner.fail(aFailure(500));
    });
    expect(response.status).toBe(200);
    expect(eventsOf(text).at(-1)).toEqual({
      error: { message: 'The provider failed.', type: 'upstream_error', param: null, code: 'upstream_error' },
    });
    expect(text).not.toContain('[DONE]');
  });

  it('tells a failure before the first piece in the stream, too', async () => {
    const { response, text } = await stream((_, runner) => runner.fail(aFailure(500)));
    expect(response.status).toBe(200);
    expect(eventsOf(text)).toMatchObject([{ error: { code: 'upstream_error' } }]);
  });

  it('breaks off when another answer than the one begun is the end', async () => {
    const { text } = await stream(async (_, runner) => {
      runner.tell({ content: 'Good evening' });
      await runner.complete(anAnswer());
    });
    expect(eventsOf(text).at(-1)).toMatchObject({ error: { code: 'upstream_error' } });
  });

  it('says that it lives while nothing comes', async () => {
    const quick = await SyncHarness.start({ streamHeartbeatMs: 10 });
    const begun = Promise.withResolvers<void>();
    const answered = quick.onRequest(async (_, runner) => {
      await begun.promise;
      runner.tell({ content: 'Hello there.' });
      await runner.complete(anAnswer());
    });
    const response = await quick.fetch('/v1/ai', { workflow: 'demo', messages, stream: true });
    begun.resolve();
    const text = await response.text();
    expect(text).toMatch(/^: heartbeat\n\n/);
    expect(contentOf(text)).toBe('Hello there.');
    await answered;
    await quick.close();
  });

  it('takes the request with it when its reader leaves', async () => {
    const ended = gateway.log.appended('request.failed');
    const answered = gateway.onRequest((_, runner) => runner.tell({ content: 'Hel' }));
    const reader = gateway.askOnce('/v1/ai', { workflow: 'demo', messages, stream: true });
    await Promise.all([answered, once(reader, 'response')]);
    reader.destroy();
    expect(await ended).toMatchObject({ data: { code: 'cancelled' } });
    expect(gateway.log.followers).toBe(0);
  });

  it('waits for a reader that is slow, and keeps no more than a part of the answer for it', async () => {
    const piece = 'x'.repeat(32 * 1024);
    const count = 600;
    const answered = gateway.onRequest(async (_, runner) => {
      for (let told = 0; told < count; told += 1) runner.tell({ content: piece });
      await runner.complete(anAnswer(aCompletion({ content: piece.repeat(count) })));
    });
    const response = await gateway.fetch('/v1/ai', { workflow: 'demo', messages, stream: true });
    await answered;
    const text = await response.text();
    expect(contentOf(text)).toHaveLength(piece.length * count);
    expect(chunksOf(text).length).toBeLessThan(count);
  });

  it('lets go of a reader that reads nothing, in the middle and at the end', async () => {
    const strict = await SyncHarness.start({ streamStallMs: 50 });
    const content = 'x'.repeat(16 * 1024 * 1024);
    const readNothing = async (answer: Answerer): Promise<() => void> => {
      const answered = strict.onRequest(answer);
      const reader = strict.askOnce('/v1/ai', { workflow: 'demo', messages, stream: true });
      await Promise.all([answered, once(reader, 'response')]);
      return () => void reader.destroy();
    };
    const cancelled = strict.log.appended('request.failed');
    const leaveMiddle = await readNothing((_, runner) => runner.tell({ content }));
    expect(await cancelled).toMatchObject({ data: { code: 'cancelled' } });
    const leaveEnd = await readNothing((_, runner) => runner.complete(anAnswer(aCompletion({ content }))));
    // A server closes when its last connection has.
    await strict.close();
    leaveMiddle();
    leaveEnd();
  });
});
