import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ChatMessage, JsonObject } from '@headrace/contracts';
import type { ReceiverAnswer } from '@headrace/testing';
import type { GenerationRequest } from '../ai-provider.js';
import { SchemaCompiler } from '../schema/schema-compiler.js';
import { aFunctionCall, aMessage, responsesWire } from '../testing/openai-responses.fixtures.js';
import { openAiWire } from '../testing/openai-wire.fixtures.js';
import { failureOfCall, ProviderHarness, type CallOnItsWay } from '../testing/provider.harness.js';
import { OpenAiResponsesProvider } from './openai-responses.provider.js';

let harness: ProviderHarness;

beforeAll(async () => {
  harness = await ProviderHarness.start();
});
afterEach(() => harness.server.reset());
afterAll(() => harness.stop());

const generate = (answer: ReceiverAnswer, request: Partial<GenerationRequest> = {}): CallOnItsWay =>
  harness.generate(new OpenAiResponsesProvider(harness.remote), answer, { provider: 'openai-responses', ...request });

/** The body that a request makes. */
async function bodyOf(request: Partial<GenerationRequest>): Promise<JsonObject> {
  await generate(responsesWire.text('Hi'), request).answer;
  return (await harness.server.next()).json<JsonObject>();
}

/** Messages with members that only some have. */
const conversation = (...messages: (ChatMessage & JsonObject)[]): ChatMessage[] => messages;
const user = (content: ChatMessage['content']): ChatMessage => ({ role: 'user', content });

describe('a call of the Responses API', () => {
  it('posts a conversation with the key, and asks that nothing is stored', async () => {
    await generate(responsesWire.text('Hi'), {
      messages: [{ role: 'system', content: 'Be brief.' }, user('Hello')],
      parameters: { temperature: 0.5, max_tokens: 9, stream: true, seed: 1, stop: ['x'], service_tier: 'flex' },
    }).answer;
    const request = await harness.server.next();
    expect(request).toMatchObject({ method: 'POST', path: '/v1/responses' });
    expect(request.headers).toMatchObject({ authorization: `Bearer ${ProviderHarness.apiKey}` });
    expect(request.json()).toEqual({
      store: false,
      temperature: 0.5,
      service_tier: 'flex',
      model: 'gpt-4o',
      input: [
        { role: 'system', content: [{ type: 'input_text', text: 'Be brief.' }] },
        { role: 'user', content: [{ type: 'input_text', text: 'Hello' }] },
      ],
      stream: false,
      max_output_tokens: 9,
    });
  });

  it('gives back a chat completion with text, usage and why it stopped', async () => {
    const { body, ...rest } = await generate(responsesWire.text('Hello there!')).answer;
    expect(rest).toMatchObject({
      content: 'Hello there!',
      toolCalls: [],
      usage: { promptTokens: 19, completionTokens: 10 },
      finishReason: 'stop',
    });
    expect(body).toMatchObject({
      id: 'resp_68fe0a1b2c3d',
      object: 'chat.completion',
      model: 'gpt-4o-2024-08-06',
      choices: [{ index: 0, message: { role: 'assistant', content: 'Hello there!' }, finish_reason: 'stop' }],
      usage: { total_tokens: 29, prompt_tokens_details: { cached_tokens: 4 } },
    });
  });

  it('says images and files in its own parts', async () => {
    const { input } = await bodyOf({
      messages: [
        user([
          { type: 'text', text: 'See' },
          { type: 'image_url', image_url: { url: 'https://example.com/a.png', detail: 'low' } },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
          { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,BBBB' } },
        ]),
      ],
    });
    expect(input).toEqual([
      {
        role: 'user',
        content: [
          { type: 'input_text', text: 'See' },
          { type: 'input_image', image_url: 'https://example.com/a.png', detail: 'low' },
          { type: 'input_image', image_url: 'data:image/png;base64,AAAA', detail: 'auto' },
          { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,BBBB' },
        ],
      },
    ]);
  });

  const afterACall: ChatMessage[] = conversation(
    { role: 'user', content: 'Weather?' },
    {
      role: 'assistant',
      content: 'I look.',
      tool_calls: [{ id: 'call_a', type: 'function', function: { name: 'weather', arguments: '{"city":"Oslo"}' } }],
      reasoning_items: [{ type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'gAAA' }],
    },
    { role: 'tool', tool_call_id: 'call_a', content: 'sunny' },
  );

  it('says tools, the wish for one and what came of a call in its own form', async () => {
    const body = await bodyOf({
      messages: afterACall,
      parameters: {
        tools: [
          { type: 'function', function: { name: 'weather', description: 'of a city', parameters: { type: 'object' } } },
          { type: 'web_search' },
        ],
        tool_choice: { type: 'function', function: { name: 'weather' } },
        parallel_tool_calls: false,
      },
    });
    expect(body).toMatchObject({
      tools: [
        ...[
          {
            type: 'function',
            name: 'weather',
            description: 'of a city',
            parameters: { type: 'object' },
            strict: false,
          },
        ],
        ...[{ type: 'web_search' }],
      ],
      tool_choice: { type: 'function', name: 'weather' },
      parallel_tool_calls: false,
    });
    expect(body.input).toEqual([
      { role: 'user', content: [{ type: 'input_text', text: 'Weather?' }] },
      { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'gAAA' },
      { role: 'assistant', content: 'I look.' },
      { type: 'function_call', call_id: 'call_a', name: 'weather', arguments: '{"city":"Oslo"}' },
      { type: 'function_call_output', call_id: 'call_a', output: 'sunny' },
    ]);
  });

  it('asks a reasoning model to think, and for its thoughts so that they can be sent back', async () => {
    const parameters = { reasoning_effort: 'low', reasoning: { summary: 'auto' }, temperature: 1, verbosity: 'low' };
    expect(await bodyOf({ model: 'gpt-5-mini', parameters })).toEqual({
      store: false,
      include: ['reasoning.encrypted_content'],
      model: 'gpt-5-mini',
      input: [{ role: 'user', content: [{ type: 'input_text', text: 'Hello' }] }],
      stream: false,
      reasoning: { effort: 'low', summary: 'auto' },
      text: { verbosity: 'low' },
    });
  });

  it.each<[string, JsonObject, boolean]>([
    ['strictly where that is possible', { additionalProperties: false, required: ['a'] }, true],
    ['as well as it can otherwise', {}, false],
  ])('asks for a schema %s', async (_name, more, strict) => {
    const schema = { type: 'object', properties: { a: { type: 'integer' } }, ...more };
    const structuredOutput = { name: 'a card', schema: new SchemaCompiler().compile(schema) };
    expect(await bodyOf({ structuredOutput })).toMatchObject({
      text: { format: { type: 'json_schema', name: 'a_card', schema, strict } },
    });
  });

  it("takes the client's own wish for a form", async () => {
    const named = { type: 'json_schema', json_schema: { name: 'x', strict: true, schema: { type: 'object' } } };
    expect(await bodyOf({ parameters: { response_format: { type: 'json_object' } } })).toMatchObject({
      text: { format: { type: 'json_object' } },
    });
    expect(await bodyOf({ parameters: { response_format: named } })).toMatchObject({
      text: { format: { type: 'json_schema', name: 'x', schema: { type: 'object' }, strict: true } },
    });
  });

  it('takes function calls, with what was thought before them', async () => {
    const reasoning = {
      ...{ id: 'rs_1', type: 'reasoning', encrypted_content: 'gAAA', status: null },
      summary: [{ type: 'summary_text', text: 'Oslo, then.' }],
    };
    const output = [reasoning, aFunctionCall('call_a', 'weather', '{"city":"Oslo"}')];
    const { body, ...answer } = await generate(responsesWire.response({ output })).answer;
    const toolCalls = [{ id: 'call_a', type: 'function', function: { name: 'weather', arguments: '{"city":"Oslo"}' } }];
    expect(answer).toMatchObject({ content: null, toolCalls, finishReason: 'tool_calls' });
    const { status: _status, ...resent } = reasoning;
    expect(body).toMatchObject({
      choices: [{ message: { reasoning_content: 'Oslo, then.', reasoning_items: [resent] } }],
    });
  });

  it('keeps the sources of an answer', async () => {
    const source = { start_index: 0, end_index: 2, url: 'https://example.com', title: 'Example' };
    const output = [{ type: 'web_search_call', id: 'ws_1' }, aMessage('Hi', [{ type: 'url_citation', ...source }])];
    const { body } = await generate(responsesWire.response({ output })).answer;
    expect(body).toMatchObject({
      choices: [{ message: { content: 'Hi', annotations: [{ type: 'url_citation', url_citation: source }] } }],
    });
  });

  it('says that an answer was cut at its limit', async () => {
    const cut = responsesWire.incomplete('max_output_tokens', [aMessage('Once')]);
    expect(await generate(cut).answer).toMatchObject({ content: 'Once', finishReason: 'length' });
    const onlyThought = responsesWire.incomplete('max_output_tokens');
    expect(await generate(onlyThought).answer).toMatchObject({ content: '', finishReason: 'length' });
  });
});

describe('a failed call of the Responses API', () => {
  it.each([
    ['a refusal', responsesWire.refusal(), 'refused', 200, false],
    ['a content filter', responsesWire.incomplete('content_filter'), 'content_filtered', 200, false],
    ['a failure of the server', responsesWire.failed('server_error', 'oops'), 'provider_failed', 200, true],
    ['a limit inside the answer', responsesWire.failed('rate_limit_exceeded', 'slow'), 'rate_limited', 200, true],
    ['a bad prompt', responsesWire.failed('invalid_prompt', 'no'), 'invalid_request', 200, false],
    ['an image that cannot be read', responsesWire.failed('image_parse_error', 'no'), 'invalid_request', 200, false],
    ['a policy', responsesWire.failed('image_content_policy_violation', 'no'), 'content_filtered', 200, false],
    ['an answer that is not over', responsesWire.response({ status: 'queued' }), 'invalid_response', 200, false],
    ['no output', responsesWire.body({ id: 'x' }), 'invalid_response', 200, false],
    ['an output of nothing', responsesWire.response({ output: [] }), 'invalid_response', 200, false],
    ['an answer that is not JSON', openAiWire.notJson(), 'invalid_response', 200, false],
    ['a rate limit', openAiWire.rateLimit('7'), 'rate_limited', 429, true],
    ['an error of the server', openAiWire.serverError(), 'provider_failed', 500, true],
    ['a model that is not there', openAiWire.unknownModel(), 'invalid_request', 404, false],
    ['a broken connection', openAiWire.disconnect(), 'connection_failed', null, true],
    ['more than the limit', responsesWire.text('x'.repeat(5_000)), 'response_too_large', 200, false],
  ] as const)('tells of %s', async (_name, answer, code, httpStatus, retryable) => {
    expect(await failureOfCall(generate(answer).answer)).toMatchObject({ code, httpStatus, retryable });
    expect(harness.server.requests).toHaveLength(1);
  });

  it('tells how long the provider wants to wait', async () => {
    const error = await failureOfCall(generate(openAiWire.rateLimit('7')).answer);
    expect(error.retryAfterMs).toBe(7_000);
  });

  it.each<[string, Partial<GenerationRequest>, string]>([
    ['several answers', { parameters: { n: 2 } }, 'n must be 1'],
    ['sound', { parameters: { modalities: ['text', 'audio'] } }, 'modalities must be'],
    ['tools that are no list', { parameters: { tools: {} } }, 'tools must be a list'],
    [
      'sound in a message',
      { messages: [user([{ type: 'input_audio', input_audio: { data: 'AA', format: 'wav' } }])] },
      'messages[0].content[0].input_audio: the Responses API takes no audio',
    ],
  ])('is not made for %s', async (_name, request, message) => {
    expect(await failureOfCall(generate(responsesWire.text('Hi'), request).answer)).toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining(message),
    });
    expect(harness.server.requests).toHaveLength(0);
  });

  it('is not made without a key', async () => {
    const answer = generate(responsesWire.text('Hi'), { access: null }).answer;
    expect(await failureOfCall(answer)).toMatchObject({ code: 'missing_credentials' });
  });

  it('hides the key in what the provider says', async () => {
    const told = responsesWire.failed('server_error', `key ${ProviderHarness.apiKey} is bad`);
    expect((await failureOfCall(generate(told).answer)).message).toBe('server_error: key *** is bad');
  });
});
