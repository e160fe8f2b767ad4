import { isJsonObject, type Json, type JsonObject } from '@headrace/contracts';
import type { GenerationRequest, ProviderAnswer } from '@headrace/providers';
import type { Attributes } from '@opentelemetry/api';
import { conventionalName } from './provider-name.js';

/** Parameters of a request that are numbers of its call and nothing of its content, by our names. */
const parameters = {
  temperature: 'gen_ai.request.temperature',
  top_p: 'gen_ai.request.top_p',
  top_k: 'gen_ai.request.top_k',
  max_tokens: 'gen_ai.request.max_tokens',
  max_completion_tokens: 'gen_ai.request.max_tokens',
  frequency_penalty: 'gen_ai.request.frequency_penalty',
  presence_penalty: 'gen_ai.request.presence_penalty',
  seed: 'gen_ai.request.seed',
} as const;

/** What a span says of a call before it is made. */
export function requestAttributes(request: GenerationRequest, isStreamed: boolean): Attributes {
  const attributes: Attributes = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': conventionalName(request.provider),
    'gen_ai.request.model': request.model,
    'gen_ai.output.type': request.structuredOutput === null ? 'text' : 'json',
    ...serverOf(request.access?.baseUrl ?? null),
  };
  if (isStreamed) attributes['gen_ai.request.stream'] = true;
  for (const [name, attribute] of Object.entries(parameters)) {
    const value = request.parameters[name];
    if (typeof value === 'number') attributes[attribute] = value;
  }
  const { n } = request.parameters;
  if (typeof n === 'number' && n !== 1) attributes['gen_ai.request.choice.count'] = n;
  return attributes;
}

/** What a span says of an answer: how much, of which model, and why it ended; never what it says. */
export function answerAttributes({ body, usage, finishReason }: ProviderAnswer): Attributes {
  const attributes: Attributes = {};
  if (typeof body.id === 'string') attributes['gen_ai.response.id'] = body.id;
  const model = responseModelOf(body);
  if (model !== undefined) attributes['gen_ai.response.model'] = model;
  const reasons = finishReasons(body, finishReason);
  if (reasons.length > 0) attributes['gen_ai.response.finish_reasons'] = reasons;
  if (usage) {
    attributes['gen_ai.usage.input_tokens'] = usage.promptTokens;
    attributes['gen_ai.usage.output_tokens'] = usage.completionTokens;
  }
  const told = objectOf(body.usage);
  const cached = objectOf(told.prompt_tokens_details).cached_tokens;
  if (typeof cached === 'number') attributes['gen_ai.usage.cache_read.input_tokens'] = cached;
  const reasoning = objectOf(told.completion_tokens_details).reasoning_tokens;
  if (typeof reasoning === 'number') attributes['gen_ai.usage.reasoning.output_tokens'] = reasoning;
  return attributes;
}

/** The model that answered, which may be another than the one asked for. */
export const responseModelOf = ({ model }: JsonObject): string | undefined =>
  typeof model === 'string' && model !== '' ? model : undefined;

function finishReasons({ choices }: JsonObject, first: string | null): string[] {
  const reasons = Array.isArray(choices)
    ? choices.flatMap((choice) => {
        const reason = objectOf(choice).finish_reason;
        return typeof reason === 'string' ? reason : [];
      })
    : [];
  return reasons.length > 0 || first === null ? reasons : [first];
}

function objectOf(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** Only the customer's own address is told: where a public API is, is known. */
function serverOf(baseUrl: string | null): Attributes {
  if (baseUrl === null || !URL.canParse(baseUrl)) return {};
  const { hostname, port, protocol } = new URL(baseUrl);
  return { 'server.address': hostname, 'server.port': port === '' ? (protocol === 'http:' ? 80 : 443) : Number(port) };
}
