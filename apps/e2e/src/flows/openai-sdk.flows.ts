import { describe, expect } from '@jest/globals';
import OpenAI, { APIError, APIUserAbortError, BadRequestError, NotFoundError, RateLimitError } from 'openai';
import type { ChatCompletionCreateParamsNonStreaming } from 'openai/resources/chat/completions';
import type { Stage, Test } from '../support/stage.js';

const messages = [{ role: 'user' as const, content: 'Hello' }];

/** The official client with our address and key; `fetches` gets the time of each of its HTTP calls. */
function clientOf({ api }: Stage, fetches: number[] = []): OpenAI {
  return new OpenAI({
    baseURL: `${api.url}/v1`,
    apiKey: api.key,
    maxRetries: 1,
    timeout: 20_000,
    fetch: (url, init) => {
      fetches.push(performance.now());
      return fetch(url, init);
    },
  });
}

/** Parameters with what the offline provider is asked for; OpenAI's own metadata holds only text. */
const asking = (metadata: object): ChatCompletionCreateParamsNonStreaming =>
  ({ model: 'demo', messages, metadata }) as unknown as ChatCompletionCreateParamsNonStreaming;

const tools = [
  {
    type: 'function' as const,
    function: {
      name: 'look_up_weather',
      description: 'Weather of a city.',
      parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
    },
  },
];

/** The official OpenAI client for JavaScript works by changing base URL and key. */
export function openAiSdkFlows(test: Test): void {
  describe("OpenAI's client", () => {
    test('completes a chat', async (stage) => {
      const completion = await clientOf(stage).chat.completions.create({ model: 'demo', messages });
      expect(completion.choices[0]?.message.content).toContain('Hello');
      expect(completion.choices[0]?.finish_reason).toBe('stop');
      expect(completion.usage?.total_tokens).toBeGreaterThan(0);
      const channel = completion._request_id ?? '';
      expect(await stage.api.request(channel)).toMatchObject({ state: 'success' });
    });

    test('streams a chat', async (stage) => {
      const client = clientOf(stage);
      const whole = await client.chat.completions.create({ model: 'demo', messages });
      const stream = await client.chat.completions.create({
        ...asking({ chunks: 10, chunk_delay_ms: 20 }),
        stream: true,
        stream_options: { include_usage: true },
      });
      const chunks = [];
      for await (const chunk of stream) chunks.push(chunk);
      const text = chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('');
      expect(text).toBe(whole.choices[0]?.message.content);
      expect(chunks.length).toBeGreaterThan(3);
      expect(chunks.at(-1)?.usage?.total_tokens).toBe(whole.usage?.total_tokens);
    });

    test('puts a stream together to the same as the whole', async (stage) => {
      const final = await clientOf(stage).chat.completions.stream({ model: 'demo', messages }).finalChatCompletion();
      expect(final.choices[0]).toMatchObject({ finish_reason: 'stop', message: { role: 'assistant' } });
    });

    test('has tools called, whole and streamed, and their results heard', async (stage) => {
      const client = clientOf(stage);
      const whole = await client.chat.completions.create({ model: 'demo', messages, tools });
      const call = whole.choices[0]?.message.tool_calls?.[0];
      expect(whole.choices[0]?.finish_reason).toBe('tool_calls');
      expect(call).toMatchObject({ type: 'function', function: { name: 'look_up_weather' } });
      const streamed = await client.chat.completions.stream({ model: 'demo', messages, tools }).finalChatCompletion();
      expect(streamed.choices[0]?.message.tool_calls?.[0]).toMatchObject({
        id: call?.id,
        type: 'function',
        function: (call as { function: object }).function,
      });
      const assistant = whole.choices[0]?.message;
      if (!assistant || !call) throw new Error('no tool was called');
      const result = { role: 'tool' as const, tool_call_id: call.id, content: '{"degrees":21}' };
      const answered = await client.chat.completions.create({
        model: 'demo',
        messages: [...messages, assistant, result],
        tools,
      });
      expect(answered.choices[0]?.finish_reason).toBe('stop');
    });

    test('parses a structured output', async (stage) => {
      const schema = {
        type: 'object',
        properties: { title: { type: 'string' }, stars: { type: 'integer', minimum: 1, maximum: 5 } },
        required: ['title', 'stars'],
        additionalProperties: false,
      };
      const completion = await clientOf(stage).chat.completions.parse({
        model: 'demo',
        messages,
        response_format: { type: 'json_schema', json_schema: { name: 'review', strict: true, schema } },
      });
      expect(completion.choices[0]?.message.parsed).toEqual({ title: expect.any(String), stars: expect.any(Number) });
    });

    test('lists the models and shows one', async (stage) => {
      const client = clientOf(stage);
      const ids = [];
      for await (const { id } of client.models.list()) ids.push(id);
      expect(ids).toContain('demo');
      expect(await client.models.retrieve('demo')).toMatchObject({ id: 'demo', object: 'model', owned_by: 'offline' });
      expect(await client.models.retrieve('offline/any')).toMatchObject({ id: 'offline/any' });
      await expect(client.models.retrieve('nobody/any')).rejects.toBeInstanceOf(NotFoundError);
    });

    test('comes again after as long as an overloaded provider asked for, and then gives up', async (stage) => {
      const calls: number[] = [];
      const asked = clientOf(stage, calls).chat.completions.create(asking({ error: 429, retry_after_ms: 1_000 }));
      const error: unknown = await asked.catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(RateLimitError);
      expect(error).toMatchObject({ status: 429, code: 'rate_limit_exceeded' });
      expect(calls).toHaveLength(2);
      expect((calls[1] ?? 0) - (calls[0] ?? 0)).toBeGreaterThanOrEqual(990);
    });

    test('comes again when a provider fails, whether it streams or not', async (stage) => {
      for (const stream of [false, true]) {
        const calls: number[] = [];
        const asked = clientOf(stage, calls).chat.completions.create({ ...asking({ error: 500 }), stream });
        await expect(asked).rejects.toMatchObject({ status: 502, code: 'upstream_error' });
        expect(calls).toHaveLength(2);
      }
    });

    test('does not come again with what a provider refuses, or what we do', async (stage) => {
      const calls: number[] = [];
      const client = clientOf(stage, calls);
      const refused = (body: object) =>
        client.chat.completions
          .create({ model: 'demo', messages, ...body } as ChatCompletionCreateParamsNonStreaming)
          .catch((error: unknown) => error);
      expect(await refused({ metadata: { error: 400 } })).toMatchObject({ status: 502 });
      expect(await refused({ model: 'nope' })).toBeInstanceOf(NotFoundError);
      expect(await refused({ model: 'e2e_event' })).toMatchObject({ status: 400, code: 'model_not_supported' });
      expect(await refused({ messages: [] })).toBeInstanceOf(BadRequestError);
      expect(calls).toHaveLength(4);
    });

    test('throws in the middle of a stream that breaks off', async (stage) => {
      const stream = await clientOf(stage).chat.completions.create({
        ...asking({ error: 'disconnect', chunks: 10, chunk_delay_ms: 20 }),
        stream: true,
      });
      const read = async () => {
        for await (const chunk of stream) expect(chunk.object).toBe('chat.completion.chunk');
      };
      await expect(read()).rejects.toBeInstanceOf(APIError);
    });

    test('aborts a call', async (stage) => {
      const leaving = new AbortController();
      const sent = Promise.withResolvers<void>();
      const client = clientOf(stage).withOptions({
        fetch: (url, init) => {
          const response = fetch(url, init);
          sent.resolve();
          return response;
        },
      });
      const options = { signal: leaving.signal };
      const asked = client.chat.completions.create(asking({ latency_ms: 20_000 }), options);
      await sent.promise;
      leaving.abort();
      await expect(asked).rejects.toBeInstanceOf(APIUserAbortError);
    });
  });
}
