import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@headrace/contracts';
import type { ReceiverAnswer } from '@headrace/testing';
import type { GenerationRequest } from '../ai-provider.js';
import { SchemaCompiler } from '../schema/schema-compiler.js';
import { aChunk, openAiStream, sseData, sseDone } from '../testing/openai-stream.fixtures.js';
import { aChatCompletion, openAiWire } from '../testing/openai-wire.fixtures.js';
import { failureOfCall, ProviderHarness } from '../testing/provider.harness.js';
import { azureAddress } from './azure-address.js';
import { azureOpenAiProvider } from './azure-openai.provider.js';

let harness: ProviderHarness;

beforeAll(async () => {
  harness = await ProviderHarness.start();
});
afterEach(() => harness.server.reset());
afterAll(() => harness.stop());

type Asked = Partial<GenerationRequest> & { readonly path?: string; readonly apiKey?: string | null };

const requestOf = ({ path = '', apiKey = 'azure-key-1', ...request }: Asked): Partial<GenerationRequest> => ({
  ...{ provider: 'azure-openai', model: 'chat-eu' },
  access: { apiKey, baseUrl: `${harness.server.url}${path}` },
  ...request,
});
const generate = (answer: ReceiverAnswer, asked: Asked = {}) =>
  harness.generate(azureOpenAiProvider(harness.remote), answer, requestOf(asked));
const stream = (answer: ReceiverAnswer, asked: Asked = {}) =>
  harness.stream(azureOpenAiProvider(harness.remote), answer, requestOf(asked));

/** What goes out for a request. */
async function sent(asked: Asked): Promise<{ path: string; headers: object; body: JsonObject }> {
  await generate(openAiWire.text('{}'), asked).answer;
  const request = await harness.server.next();
  return { path: request.path, headers: request.headers, body: request.json<JsonObject>() };
}

const dated = '?api-version=2024-10-21';
const harms = {
  hate: { filtered: true, severity: 'high' },
  self_harm: { filtered: false, severity: 'safe' },
  jailbreak: { filtered: true, detected: true },
};

describe('the address of an Azure deployment', () => {
  const at = 'https://r.openai.azure.com';
  it.each([
    ['the resource', at, `${at}/openai/v1/chat/completions`, null],
    ['the resource with a slash', `${at}/`, `${at}/openai/v1/chat/completions`, null],
    ['the v1 API', `${at}/openai/v1/`, `${at}/openai/v1/chat/completions`, null],
    [
      'the v1 API with preview',
      `${at}/openai/v1?api-version=preview`,
      `${at}/openai/v1/chat/completions?api-version=preview`,
      null,
    ],
    ['a dated version', `${at}${dated}`, `${at}/openai/deployments/my%20gpt/chat/completions${dated}`, '2024-10-21'],
    [
      'a dated version below /openai',
      `${at}/openai${dated}`,
      `${at}/openai/deployments/my%20gpt/chat/completions${dated}`,
      '2024-10-21',
    ],
    [
      'a target URI',
      `${at}/openai/deployments/x/chat/completions${dated}`,
      `${at}/openai/deployments/x/chat/completions${dated}`,
      '2024-10-21',
    ],
    ['a gateway before it', 'https://gw.example.com/ai/v1', 'https://gw.example.com/ai/v1/chat/completions', null],
  ])('is found from %s', (_name, baseUrl, url, version) => {
    expect(azureAddress(baseUrl, 'my gpt')).toEqual({ url, version });
  });

  it('is not found from what is no URL', () => {
    expect(azureAddress('r.openai.azure.com', 'x')).toBeUndefined();
  });
});

describe('a call of Azure OpenAI', () => {
  it('goes to the v1 API with the key in its header and the deployment as the model', async () => {
    const { path, headers, body } = await sent({ parameters: { max_tokens: 9 } });
    expect(path).toBe('/openai/v1/chat/completions');
    expect(headers).toMatchObject({ 'api-key': 'azure-key-1' });
    expect(headers).not.toHaveProperty('authorization');
    expect(body).toMatchObject({ model: 'chat-eu', max_completion_tokens: 9 });
    expect(body).not.toHaveProperty('max_tokens');
  });

  it('goes to the deployment of a dated version', async () => {
    const { path, body } = await sent({ path: `/${dated}`, parameters: { max_tokens: 9 } });
    expect(path).toBe(`/openai/deployments/chat-eu/chat/completions${dated}`);
    expect(body).toMatchObject({ max_completion_tokens: 9 });
  });

  it('asks an old version for what it knows', async () => {
    const schema = new SchemaCompiler().compile({ type: 'object' });
    const asked: Asked = {
      path: '/?api-version=2024-02-01',
      parameters: { max_completion_tokens: 9 },
      structuredOutput: { name: 'card', schema },
    };
    const { body } = await sent(asked);
    expect(body).toMatchObject({ max_tokens: 9, response_format: { type: 'json_object' } });
    await stream(openAiStream.text('{}'), asked).answer;
    expect((await harness.server.next()).json<JsonObject>()).not.toHaveProperty('stream_options');
  });

  it('asks for a schema strictly where that is possible', async () => {
    const schema = { type: 'object', properties: {}, required: [], additionalProperties: false };
    const { body } = await sent({ structuredOutput: { name: 'card', schema: new SchemaCompiler().compile(schema) } });
    expect(body.response_format).toEqual({ type: 'json_schema', json_schema: { name: 'card', schema, strict: true } });
  });

  it('reads a stream with the findings of its filter', async () => {
    const found = { content_filter_results: { hate: { filtered: false, severity: 'safe' } } };
    const { answer, told } = stream(
      openAiStream.events([
        sseData({ choices: [], created: 0, id: '', model: '', object: '', prompt_filter_results: [] }),
        sseData(aChunk({ content: 'Hi' }, found)),
        sseData(aChunk({}, { finish_reason: 'stop', content_filter_results: {} })),
        sseDone,
      ]),
    );
    expect(await answer).toMatchObject({ content: 'Hi', finishReason: 'stop' });
    expect(told).toEqual([{ content: 'Hi' }]);
  });
});

describe('a failed call of Azure OpenAI', () => {
  it('says for which harms a prompt was withheld', async () => {
    const error = {
      message: "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
      ...{ type: null, param: 'prompt', code: 'content_filter', status: 400 },
      innererror: { code: 'ResponsibleAIPolicyViolation', content_filter_result: harms },
    };
    const answer = { status: 400, body: JSON.stringify({ error }) };
    expect(await failureOfCall(generate(answer).answer)).toMatchObject({
      code: 'content_filtered',
      httpStatus: 400,
      retryable: false,
      message: "HTTP 400: The provider's content filter withheld the prompt: hate (high), jailbreak.",
    });
  });

  it.each(['whole', 'stream'] as const)('says for which harms an answer was withheld (%s)', async (way) => {
    const choice = { finish_reason: 'content_filter', content_filter_results: harms };
    const { answer } =
      way === 'whole'
        ? generate(openAiWire.completion(aChatCompletion({ content: null }, choice)))
        : stream(openAiStream.events([sseData(aChunk({ content: 'We' })), sseData(aChunk({}, choice)), sseDone]));
    expect(await failureOfCall(answer)).toMatchObject({
      code: 'content_filtered',
      message: "The provider's content filter withheld the answer: hate (high), jailbreak.",
    });
  });

  it('tells of a deployment that is not there', async () => {
    const error = { code: 'DeploymentNotFound', message: 'The API deployment for this resource does not exist.' };
    const answer = { status: 404, body: JSON.stringify({ error }) };
    expect(await failureOfCall(generate(answer).answer)).toMatchObject({
      code: 'invalid_request',
      message: 'HTTP 404: The API deployment for this resource does not exist.',
    });
  });

  it('takes the wish to wait in milliseconds', async () => {
    const answer = { ...openAiWire.rateLimit('7'), headers: { 'retry-after-ms': '6500', 'retry-after': '7' } };
    expect(await failureOfCall(generate(answer).answer)).toMatchObject({ code: 'rate_limited', retryAfterMs: 6_500 });
  });

  it.each<[string, Asked, string]>([
    ['a key', { apiKey: null }, 'Provider credentials not configured: the API key is missing.'],
    ['a base URL', { access: { apiKey: 'k', baseUrl: null } }, 'Provider credentials not configured'],
    [
      'a base URL that is one',
      { access: { apiKey: 'k', baseUrl: 'r.openai.azure.com' } },
      'Provider credentials not configured: the base URL is not a URL.',
    ],
  ])('is not made without %s', async (_name, asked, message) => {
    const error = await failureOfCall(generate(openAiWire.text('Hi'), asked).answer);
    expect(error).toMatchObject({ code: 'missing_credentials', message });
    expect(harness.server.requests).toHaveLength(0);
  });
});
