import type { Json, JsonObject } from '@headrace/contracts';
import { hasSampling, takesForcedCalls } from '../anthropic/claude-generation.js';
import { badRequest } from '../chat/bad-request.js';
import { canThink as cohereCanThink } from '../cohere/cohere-models.js';
import { canThink as geminiCanThink } from '../google/gemini-generation.js';

/** What a provider with an API of its own makes of OpenAI's parameters. */
interface NativeParameters {
  /** Those it has under one name or another. */
  readonly sent: readonly string[];
  /** Whether it takes this value of one of them for this model; left out: always. */
  readonly takes?: (name: string, value: Json, model: string) => boolean;
}

const everywhere = ['max_tokens', 'max_completion_tokens', 'stop', 'tools', 'tool_choice', 'reasoning_effort'];
const sampling = ['temperature', 'top_p', 'top_k'];

/** Its temperature ends at 1. */
function takenByClaude(name: string, value: Json, model: string): boolean {
  if (name === 'tool_choice') return takesForcedCalls(model) !== false || value === 'auto' || value === 'none';
  return !sampling.includes(name) || (hasSampling(model) && !(name === 'temperature' && Number(value) > 1));
}

/** By the provider's name. What is not in its list is left out of the call, or refused (see below). */
const nativeParameters: ReadonlyMap<string, NativeParameters> = new Map([
  [
    'anthropic',
    {
      sent: [...everywhere, ...sampling, 'parallel_tool_calls', 'thinking', 'extra_body'],
      takes: takenByClaude,
    },
  ],
  [
    'google',
    {
      sent: [
        ...everywhere,
        ...sampling,
        'seed',
        'presence_penalty',
        'frequency_penalty',
        'thinking_config',
        'extra_body',
      ],
      takes: (name: string, _value: Json, model: string) => name !== 'reasoning_effort' || geminiCanThink(model),
    },
  ],
  [
    'cohere',
    {
      sent: [...everywhere, ...sampling, 'seed', 'presence_penalty', 'frequency_penalty', 'thinking', 'extra_body'],
      takes: (name: string, _value: Json, model: string) => name !== 'reasoning_effort' || cohereCanThink(model),
    },
  ],
]);

/** They tell nothing about the answer, so that nobody misses them; `response_format` and `structured_output_mode` are taken in another way. */
const silent = new Set([
  'stream',
  'stream_options',
  'response_format',
  'structured_output_mode',
  'user',
  'safety_identifier',
  'metadata',
  'store',
  'prompt_cache_key',
  'prompt_cache_retention',
]);

/** Without them the answer would not be what the caller reads: better none than that one. */
const refused = new Set([
  'n',
  'logprobs',
  'top_logprobs',
  'tool_choice',
  'functions',
  'function_call',
  'modalities',
  'audio',
]);

/** Values that ask for what there is anyway. */
function asksForNothing(name: string, value: Json): boolean {
  if (value === null || silent.has(name)) return true;
  switch (name) {
    case 'n':
      return value === 1;
    case 'logprobs':
      return value === false;
    case 'top_logprobs':
    case 'presence_penalty':
    case 'frequency_penalty':
      return value === 0;
    case 'parallel_tool_calls':
      return value === true;
    case 'modalities':
      return Array.isArray(value) && value.every((modality) => modality === 'text');
    default:
      return false;
  }
}

/** The parameters that a provider with an API of its own does not take; of any other provider, none are known. */
export function unsupportedNativeParameters(provider: string, model: string, parameters: JsonObject): string[] {
  const known = nativeParameters.get(provider);
  if (!known) return [];
  return Object.entries(parameters)
    .filter(([name, value]) => !asksForNothing(name, value))
    .filter(([name, value]) => !known.sent.includes(name) || known.takes?.(name, value, model) === false)
    .map(([name]) => name);
}

/**
 * The parameters that can be sent. The others are left out, so that a fallback does not fail for what was meant for
 * another provider. Throws `ProviderError` with code `invalid_request` for those that cannot be left out.
 */
export function sendableParameters(provider: string, model: string, parameters: JsonObject): JsonObject {
  const unsupported = new Set(unsupportedNativeParameters(provider, model, parameters));
  const impossible = [...unsupported].find((name) => refused.has(name));
  if (impossible !== undefined) {
    const value = JSON.stringify(parameters[impossible]).slice(0, 60);
    throw badRequest(
      `Unsupported parameter ${impossible} (${value}) for ${model} of provider ${provider}: leave it out.`,
    );
  }
  return Object.fromEntries(Object.entries(parameters).filter(([name]) => !unsupported.has(name)));
}
