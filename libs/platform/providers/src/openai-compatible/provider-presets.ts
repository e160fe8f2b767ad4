/** How an API that speaks OpenAI's chat completions differs from the others. Its parameters: `parameters/`. */
export interface ProviderPreset {
  /** Where it is when the credentials do not say; null: they must. */
  readonly baseUrl: string | null;
  readonly needsKey: boolean;
  /** How a model is asked for a schema: natively, or by JSON mode with the schema in the prompt. */
  readonly structuredOutput: (model: string) => 'json_schema' | 'json_mode';
  /** Whether it knows `stream_options`; one that does not says the usage of a stream unasked, or never. */
  readonly streamOptions: boolean;
  /** The provider's own name of a parameter for a model. */
  readonly rename: (parameter: string, model: string) => string;
}

const natively = (): 'json_schema' => 'json_schema';
const asIs = (parameter: string): string => parameter;
const renaming =
  (names: Readonly<Record<string, string>>) =>
  (parameter: string): string =>
    Object.hasOwn(names, parameter) ? (names[parameter] ?? parameter) : parameter;

/** OpenAI's reasoning models: o1, o3, …, and GPT-5 with its successors, whatever stands before their name. */
const reasoning = /(?:^|\/)(?:o\d|gpt-5)/i;
/** Groq's models that take a schema. */
const groqWithSchema = /gpt-oss|llama-4|kimi-k2/i;

/** OpenAI's reasoning models refuse `max_tokens`, which the others (and most compatible servers) know. */
export const openAiName = (parameter: string, model: string): string =>
  parameter === 'max_tokens' && reasoning.test(model) ? 'max_completion_tokens' : parameter;

const publicApi = (baseUrl: string, differences: Partial<ProviderPreset> = {}): ProviderPreset => ({
  baseUrl,
  needsKey: true,
  structuredOutput: natively,
  streamOptions: true,
  rename: asIs,
  ...differences,
});

/** Any other address: a server of one's own (vLLM, llama.cpp, LM Studio, …) or a gateway. */
export const anyAddressPreset: ProviderPreset = {
  baseUrl: null,
  needsKey: false,
  structuredOutput: natively,
  streamOptions: true,
  rename: asIs,
};

/** APIs that speak OpenAI's chat completions, by the names that workflows use. */
export const providerPresets: Readonly<Record<string, ProviderPreset>> = {
  openai: publicApi('https://api.openai.com/v1', { rename: openAiName }),
  mistral: publicApi('https://api.mistral.ai/v1', {
    streamOptions: false,
    rename: renaming({ max_completion_tokens: 'max_tokens', seed: 'random_seed' }),
  }),
  xai: publicApi('https://api.x.ai/v1'),
  openrouter: publicApi('https://openrouter.ai/api/v1'),
  groq: publicApi('https://api.groq.com/openai/v1', {
    structuredOutput: (model) => (groqWithSchema.test(model) ? 'json_schema' : 'json_mode'),
  }),
  deepseek: publicApi('https://api.deepseek.com/v1', {
    structuredOutput: () => 'json_mode',
    rename: renaming({ max_completion_tokens: 'max_tokens' }),
  }),
  together: publicApi('https://api.together.xyz/v1'),
  fireworks: publicApi('https://api.fireworks.ai/inference/v1'),
  perplexity: publicApi('https://api.perplexity.ai', { streamOptions: false }),
  ollama: { ...anyAddressPreset, baseUrl: 'http://127.0.0.1:11434/v1' },
};
