import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import OpenAI from 'openai';
import { FakeReceiver } from '@headrace/testing';
import { responsesStream, responsesWire } from './openai-responses.fixtures.js';

let server: FakeReceiver;
let client: OpenAI;

beforeAll(async () => {
  server = await FakeReceiver.start();
  client = new OpenAI({ apiKey: 'key-0123', baseURL: `${server.url}/v1`, maxRetries: 0 });
});
afterEach(() => server.reset());
afterAll(() => server.stop());

const asked = { model: 'gpt-4o', input: 'Hello' };

describe("what stands for OpenAI's Responses API in tests", () => {
  it("is read by OpenAI's own client", async () => {
    server.answerNext(responsesWire.text('Hello there!'));
    expect((await client.responses.create(asked)).output_text).toBe('Hello there!');
  });

  it("is put together by OpenAI's own client when it streams", async () => {
    server.answerNext(responsesStream.text('Hello', ' there!'));
    const { output_text: text, usage } = await client.responses.stream(asked).finalResponse();
    expect({ text, tokens: usage?.total_tokens }).toEqual({ text: 'Hello there!', tokens: 29 });
  });

  it("tells OpenAI's own client of function calls", async () => {
    server.answerNext(responsesStream.toolCalls());
    const { output } = await client.responses.stream(asked).finalResponse();
    expect(output).toMatchObject([
      { type: 'function_call', call_id: 'call_a', name: 'weather', arguments: '{"city":"Oslo"}' },
      { type: 'function_call', call_id: 'call_b', name: 'time', arguments: '{}' },
    ]);
  });
});
