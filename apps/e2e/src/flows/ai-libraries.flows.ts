import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { describe, expect } from '@jest/globals';
import { ChatOpenAI } from '@langchain/openai';
import { generateText, jsonSchema, Output, streamText, tool } from 'ai';
import type { Stage, Test } from '../support/stage.js';

const question = 'Hello';
const citySchema = {
  type: 'object' as const,
  properties: { city: { type: 'string' as const } },
  required: ['city'],
  additionalProperties: false,
};

const chatOf = ({ api }: Stage, more: { maxRetries?: number; modelKwargs?: object } = {}): ChatOpenAI =>
  new ChatOpenAI({
    model: 'demo',
    apiKey: api.key,
    configuration: { baseURL: `${api.url}/v1` },
    maxRetries: more.maxRetries ?? 0,
    modelKwargs: { ...more.modelKwargs },
  });

const modelOf = ({ api }: Stage, name = 'demo') =>
  createOpenAICompatible({
    name: 'headrace',
    baseURL: `${api.url}/v1`,
    apiKey: api.key,
    supportsStructuredOutputs: true,
    includeUsage: true,
  })(name);

/** Libraries that applications are built with work by changing base URL and key. */
export function aiLibraryFlows(test: Test): void {
  describe('LangChain', () => {
    test('asks, streams, and is told of the tokens', async (stage) => {
      const chat = chatOf(stage);
      const answer = await chat.invoke(question);
      expect(answer.text).toContain(question);
      expect(answer.usage_metadata?.total_tokens).toBeGreaterThan(0);
      let text = '';
      for await (const chunk of await chat.stream(question)) text += chunk.text;
      expect(text).toBe(answer.text);
    });

    test('has tools called and structured outputs parsed', async (stage) => {
      const definition = { name: 'look_up_weather', description: 'Weather of a city.', schema: citySchema };
      const calling = await chatOf(stage).bindTools([definition]).invoke(question);
      expect(calling.tool_calls).toMatchObject([{ name: 'look_up_weather', args: { city: expect.any(String) } }]);
      const structured = chatOf(stage).withStructuredOutput(citySchema, { name: 'city', method: 'jsonSchema' });
      expect(await structured.invoke(question)).toEqual({ city: expect.any(String) });
    });

    test('is told of a failure in words it knows', async (stage) => {
      const failing = chatOf(stage, { modelKwargs: { metadata: { error: 429 } } });
      await expect(failing.invoke(question)).rejects.toMatchObject({ status: 429 });
    });
  });

  describe('the AI SDK', () => {
    test('asks and streams', async (stage) => {
      const answer = await generateText({ model: modelOf(stage), prompt: question, maxRetries: 0 });
      expect(answer.text).toContain(question);
      expect(answer.usage.totalTokens).toBeGreaterThan(0);
      const stream = streamText({ model: modelOf(stage), prompt: question, maxRetries: 0 });
      let text = '';
      for await (const piece of stream.textStream) text += piece;
      expect(text).toBe(answer.text);
      expect((await stream.usage).totalTokens).toBe(answer.usage.totalTokens);
      expect(await stream.finishReason).toBe('stop');
    });

    test('has tools called and structured outputs parsed', async (stage) => {
      const tools = { look_up_weather: tool({ description: 'Weather.', inputSchema: jsonSchema(citySchema) }) };
      const calling = await generateText({ model: modelOf(stage), prompt: question, tools, maxRetries: 0 });
      expect(calling.toolCalls).toMatchObject([{ toolName: 'look_up_weather', input: { city: expect.any(String) } }]);
      const { output } = await generateText({
        model: modelOf(stage),
        prompt: question,
        output: Output.object({ schema: jsonSchema(citySchema) }),
        maxRetries: 0,
      });
      expect(output).toEqual({ city: expect.any(String) });
    });

    test('is told of a model that there is not', async (stage) => {
      const asked = generateText({ model: modelOf(stage, 'nope'), prompt: question, maxRetries: 0 });
      await expect(asked).rejects.toMatchObject({ statusCode: 404, isRetryable: false });
    });
  });
}
