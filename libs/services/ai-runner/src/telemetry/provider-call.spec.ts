import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { allMetrics, renderMetrics, setRecording } from '@headrace/telemetry';
import { ProviderError, type GenerationRequest, type ProviderAnswer } from '@headrace/providers';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { NodeSDK, type NodeSDKConfiguration } from '@opentelemetry/sdk-node';
import { observedCall, type CallOutcome } from './provider-call.js';

type Processor = NonNullable<NodeSDKConfiguration['spanProcessors']>[number];
const spans: Parameters<Processor['onEnd']>[0][] = [];
const keeper: Processor = {
  onStart: () => undefined,
  onEnd: (span) => void spans.push(span),
  forceFlush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
};
const sdk = new NodeSDK({
  spanProcessors: [keeper],
  metricReaders: [],
  logRecordProcessors: [],
  instrumentations: [],
  autoDetectResources: false,
});

beforeAll(() => {
  sdk.start();
  setRecording(true);
});
afterEach(() => void spans.splice(0));
afterAll(async () => {
  setRecording(false);
  await sdk.shutdown();
});

const request: GenerationRequest = {
  provider: 'mistral',
  model: 'small',
  messages: [{ role: 'user', content: 'a very private question' }],
  parameters: { temperature: 0.5, max_tokens: 100, stop: ['private stop'], user: 'private user', n: 1 },
  structuredOutput: null,
  access: { apiKey: 'sk-private', baseUrl: 'https://llm.example.com:8443/v1?key=private' },
  workflow: 'a private workflow',
  metadata: { note: 'private note' },
};

const answer: ProviderAnswer = {
  body: {
    id: 'chatcmpl-1',
    model: 'small-2026-01',
    choices: [{ message: { content: 'a very private answer' }, finish_reason: 'stop' }],
    usage: { prompt_tokens_details: { cached_tokens: 2 }, completion_tokens_details: { reasoning_tokens: 3 } },
  },
  content: 'a very private answer',
  toolCalls: [],
  usage: { promptTokens: 10, completionTokens: 5 },
  finishReason: 'stop',
};

async function spanOf(
  outcome: CallOutcome,
  { chunks = 0, ...more }: Partial<GenerationRequest> & { chunks?: number } = {},
) {
  await observedCall({ ...request, ...more }, chunks > 0, async (noteChunk) => {
    for (let chunk = 0; chunk < chunks; chunk += 1) noteChunk();
    return outcome;
  });
  const [span] = spans;
  if (!span) throw new Error('no span was recorded');
  return span;
}

const seriesOf = (name: string, model: string): string[] =>
  renderMetrics(allMetrics)
    .split('\n')
    .filter((line) => line.startsWith(name) && line.includes(`"${model}"`) && /_(sum|count)\{/.test(line))
    .map((line) => line.replace(/ [\d.e-]+$/, (value) => (line.includes('_sum') ? ' …' : value)));

describe('the span of a provider call', () => {
  it('says of the call and its answer what the GenAI conventions name', async () => {
    const { name, kind, attributes, status } = await spanOf({ answer });
    expect([name, kind, status.code]).toEqual(['chat small', SpanKind.CLIENT, SpanStatusCode.UNSET]);
    expect(attributes).toEqual({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'mistral_ai',
      'gen_ai.request.model': 'small',
      'gen_ai.output.type': 'text',
      'gen_ai.request.temperature': 0.5,
      'gen_ai.request.max_tokens': 100,
      'server.address': 'llm.example.com',
      'server.port': 8443,
      'gen_ai.response.id': 'chatcmpl-1',
      'gen_ai.response.model': 'small-2026-01',
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.usage.input_tokens': 10,
      'gen_ai.usage.output_tokens': 5,
      'gen_ai.usage.cache_read.input_tokens': 2,
      'gen_ai.usage.reasoning.output_tokens': 3,
    });
  });

  it('says when the first piece of a streamed answer came', async () => {
    const { attributes } = await spanOf({ answer }, { chunks: 3 });
    expect(attributes).toMatchObject({
      'gen_ai.request.stream': true,
      'gen_ai.response.time_to_first_chunk': expect.any(Number),
    });
  });

  it('has the code of a failure, and not a word of the provider', async () => {
    const error = new ProviderError('rate_limited', 'you asked "a very private question" too often', {
      httpStatus: 429,
    });
    const { attributes, status, events } = await spanOf({ error });
    expect(attributes).toMatchObject({ 'error.type': 'rate_limited', 'http.response.status_code': 429 });
    expect(status).toEqual({ code: SpanStatusCode.ERROR });
    expect(events).toEqual([]);
    expect(JSON.stringify(attributes)).not.toContain('private');
  });

  it('never has what was asked or answered, nor keys', async () => {
    const { attributes, events } = await spanOf({ answer });
    expect(JSON.stringify([attributes, events])).not.toContain('private');
  });
});

describe('the metrics of provider calls', () => {
  it('have duration, tokens and time to the first piece, by provider and model', async () => {
    await spanOf({ answer }, { model: 'm1', chunks: 1 });
    expect(seriesOf('gen_ai_', 'm1')).toEqual([
      'gen_ai_client_operation_duration_seconds_sum{gen_ai_operation_name="chat",gen_ai_provider_name="mistral_ai",gen_ai_request_model="m1",error_type=""} …',
      'gen_ai_client_operation_duration_seconds_count{gen_ai_operation_name="chat",gen_ai_provider_name="mistral_ai",gen_ai_request_model="m1",error_type=""} 1',
      'gen_ai_client_operation_time_to_first_chunk_seconds_sum{gen_ai_operation_name="chat",gen_ai_provider_name="mistral_ai",gen_ai_request_model="m1"} …',
      'gen_ai_client_operation_time_to_first_chunk_seconds_count{gen_ai_operation_name="chat",gen_ai_provider_name="mistral_ai",gen_ai_request_model="m1"} 1',
      'gen_ai_client_token_usage_sum{gen_ai_operation_name="chat",gen_ai_provider_name="mistral_ai",gen_ai_request_model="m1",gen_ai_token_type="input"} …',
      'gen_ai_client_token_usage_count{gen_ai_operation_name="chat",gen_ai_provider_name="mistral_ai",gen_ai_request_model="m1",gen_ai_token_type="input"} 1',
      'gen_ai_client_token_usage_sum{gen_ai_operation_name="chat",gen_ai_provider_name="mistral_ai",gen_ai_request_model="m1",gen_ai_token_type="output"} …',
      'gen_ai_client_token_usage_count{gen_ai_operation_name="chat",gen_ai_provider_name="mistral_ai",gen_ai_request_model="m1",gen_ai_token_type="output"} 1',
    ]);
  });

  it('count a failure by its code, and no call that was not made', async () => {
    await spanOf({ error: new ProviderError('timeout', 'No answer.') }, { model: 'm2' });
    await spanOf({ error: new ProviderError('missing_credentials', 'No key.') }, { model: 'm3' });
    expect(seriesOf('gen_ai_client_operation_duration_seconds_count', 'm2')).toEqual([
      'gen_ai_client_operation_duration_seconds_count{gen_ai_operation_name="chat",gen_ai_provider_name="mistral_ai",gen_ai_request_model="m2",error_type="timeout"} 1',
    ]);
    expect(seriesOf('gen_ai_', 'm3')).toEqual([]);
  });
});
