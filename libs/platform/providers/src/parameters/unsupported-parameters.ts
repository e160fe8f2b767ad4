import type { JsonObject } from '@headrace/contracts';
import { unsupportedNativeParameters } from './native-parameters.js';

/** Parameters, by their OpenAI names, that a provider answers with an error. */
export interface RefusedParameters {
  readonly provider: string;
  /** The models that refuse them; left out: all. */
  readonly models?: RegExp;
  readonly parameters: readonly string[];
}

const sampling = ['temperature', 'top_p', 'presence_penalty', 'frequency_penalty'];
const probabilities = ['logprobs', 'top_logprobs', 'logit_bias'];
/** GPT-5 itself, its small ones and the o-series; later ones take sampling again when they do not reason. */
const openAiReasoning = /^(?:openai\/)?(?:o\d|gpt-5(?!\.\d|[\w.-]*chat))/i;

/** What providers refuse, as far as their documentation says so. Whoever adds a provider adds its rows. */
const refused: readonly RefusedParameters[] = [
  ...['openai', 'azure-openai', 'openai-responses'].map((provider) => ({
    provider,
    models: openAiReasoning,
    parameters: [...sampling, ...probabilities],
  })),
  {
    provider: 'openai-responses',
    parameters: [
      ...['stop', 'seed', 'prediction', 'audio', 'functions', 'function_call', 'web_search_options'],
      ...['presence_penalty', 'frequency_penalty', 'logprobs', 'logit_bias'],
    ],
  },
  { provider: 'mistral', parameters: [...probabilities, 'user', 'store', 'service_tier', 'stream_options'] },
  { provider: 'xai', models: /^grok-(?:3-mini|[4-9])/i, parameters: [...sampling.slice(2), 'stop'] },
  { provider: 'xai', models: /^grok-(?:4(?:-|$)|4\.20|build|code)/i, parameters: ['reasoning_effort'] },
  { provider: 'groq', parameters: probabilities },
  { provider: 'deepseek', models: /reasoner/i, parameters: ['logprobs', 'top_logprobs'] },
  { provider: 'perplexity', parameters: ['tools', 'tool_choice', ...probabilities] },
];

/**
 * Which of these parameters a provider's model does not take. The adapters leave them out, so that a fallback does not
 * fail for what was meant for another provider; whoever saves a workflow should be told of them.
 */
export function unsupportedParameters(provider: string, model: string, parameters: JsonObject): string[] {
  const found = refused
    .filter((rule) => rule.provider === provider && (rule.models === undefined || rule.models.test(model)))
    .flatMap((rule) => rule.parameters)
    .filter((name) => Object.hasOwn(parameters, name));
  return [...new Set([...found, ...unsupportedNativeParameters(provider, model, parameters)])];
}
