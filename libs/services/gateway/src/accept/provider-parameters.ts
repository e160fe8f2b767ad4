import type { Json, JsonObject } from '@headrace/contracts';

/**
 * Fields of a request that go to the provider: those of OpenAI's chat completions, and those that compatible
 * servers add. A list, because providers refuse what they do not know, and clients may send fields of their own
 * for cache fields. A workflow's parameters are not limited to it.
 */
const parameterNames = [
  'temperature',
  'top_p',
  'n',
  'stop',
  'seed',
  'max_tokens',
  'max_completion_tokens',
  'presence_penalty',
  'frequency_penalty',
  'logit_bias',
  'logprobs',
  'top_logprobs',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'functions',
  'function_call',
  'reasoning_effort',
  'verbosity',
  'modalities',
  'audio',
  'prediction',
  'web_search_options',
  'service_tier',
  'store',
  'user',
  'safety_identifier',
  'prompt_cache_key',
  'prompt_cache_retention',
  'top_k',
  'top_a',
  'min_p',
  'min_tokens',
  'typical_p',
  'repetition_penalty',
  'length_penalty',
  'ignore_eos',
  'stop_token_ids',
  'random_seed',
  'safe_prompt',
  'prompt_mode',
  'search_parameters',
  'reasoning',
  'thinking',
  'thinking_config',
  'extra_body',
  'chat_template_kwargs',
  'guided_json',
  'guided_regex',
  'guided_choice',
  'guided_grammar',
  'grammar',
  'transforms',
  'num_ctx',
  'keep_alive',
];

/** What a request passes to the provider, over the workflow's own parameters. Null counts as left out. */
export function providerParameters(body: object, defaults: JsonObject): JsonObject {
  const fields = body as Readonly<Record<string, Json | undefined>>;
  const parameters: JsonObject = { ...defaults };
  for (const name of parameterNames) {
    const value = fields[name];
    if (value !== undefined && value !== null) parameters[name] = value;
  }
  return parameters;
}
