import { mistralCallId } from '../mistral/mistral-call-id.js';

/** How an API that speaks OpenAI's chat completions differs from the others. Its parameters: `parameters/`. */
export interface ProviderPreset {
  /** Where it is when the credentials do not say; null: they must. */
  readonly baseUrl: string | null;
  readonly needsKey: boolean;
  /** How an answer that fits a schema is asked for. */
  readonly structuredOutput: (asked: AskedOfModel) => StructuredBy;
  /** Whether a model can be held to a schema that fits OpenAI's strict mode. */
  readonly isStrict: (model: string) => boolean;
  /** Whether it knows `stream_options`; one that does not says the usage of a stream unasked, or never. */
  readonly streamOptions: boolean;
  /** The provider's own name of a parameter for a model. */
  readonly rename: (parameter: string, model: string) => string;
  /** What it takes back of an answer's message beyond content and tool calls; left out: whatever there is. */
  readonly takesBack?: readonly string[];
  /** The form of a tool call's id that it takes; left out: any. */
  readonly callId?: (id: string) => string;
}

/** What else is asked for with a schema: some APIs cannot do everything at once. */
export interface AskedOfModel {
  readonly model: string;
  readonly isStreamed: boolean;
  readonly hasTools: boolean;
}

/**
 * By the API itself; by its JSON mode with the schema in the prompt; by a tool that must be called with the answer; or
 * by the prompt alone.
 */
export type StructuredBy = (typeof structuredWays)[number];
export const structuredWays = ['json_schema', 'json_mode', 'tool', 'prompt'] as const;

const natively = (): 'json_schema' => 'json_schema';
const always = (): boolean => true;
const never = (): boolean => false;
const asIs = (parameter: string): string => parameter;
const renaming =
  (names: Readonly<Record<string, string>>) =>
  (parameter: string): string =>
    Object.hasOwn(names, parameter) ? (names[parameter] ?? parameter) : parameter;
/** The name before OpenAI's reasoning models came, which many servers have kept. */
const oldName = renaming({ max_completion_tokens: 'max_tokens' });

/** OpenAI's reasoning models: o1, o3, …, and GPT-5 with its successors, whatever stands before their name. */
const reasoning = /(?:^|\/)(?:o\d|gpt-(?:[5-9]|\d\d))/i;
/** Groq's models that take a schema, and those of them that can be held to it. */
const groqWithSchema = /gpt-oss|llama-4|kimi-k2/i;
const groqStrict = /gpt-oss/i;

/** Whether a model of OpenAI thinks before it answers, going by its name. */
export const isReasoningModel = (model: string): boolean => reasoning.test(model) && !/chat/i.test(model);

/** OpenAI's reasoning models refuse `max_tokens`, which the others (and most compatible servers) know. */
export const openAiName = (parameter: string, model: string): string =>
  parameter === 'max_tokens' && reasoning.test(model) ? 'max_completion_tokens' : parameter;

/** Any other address: a server of one's own (vLLM, llama.cpp, LM Studio, …) or a gateway. */
export const anyAddressPreset: ProviderPreset = {
  baseUrl: null,
  needsKey: false,
  structuredOutput: natively,
  isStrict: never,
  streamOptions: true,
  rename: asIs,
};

const publicApi = (baseUrl: string, differences: Partial<ProviderPreset> = {}): ProviderPreset => ({
  ...anyAddressPreset,
  baseUrl,
  needsKey: true,
  ...differences,
});

/** A server on the same machine, at the port that it has unless told otherwise. */
const ownServer = (port: number): ProviderPreset => ({ ...anyAddressPreset, baseUrl: `http://127.0.0.1:${port}/v1` });

/** Groq takes a schema only where it neither streams nor has tools, and JSON mode neither. */
function groqWay({ model, isStreamed, hasTools }: AskedOfModel): StructuredBy {
  if (isStreamed || hasTools) return 'prompt';
  return groqWithSchema.test(model) ? 'json_schema' : 'json_mode';
}

/** What OpenAI takes back of its own answers. */
export const openAiTakesBack: readonly string[] = ['refusal', 'audio', 'function_call'];

/** APIs that speak OpenAI's chat completions, by the names that workflows use. */
export const providerPresets: Readonly<Record<string, ProviderPreset>> = {
  openai: publicApi('https://api.openai.com/v1', {
    isStrict: always,
    rename: openAiName,
    takesBack: openAiTakesBack,
  }),
  mistral: publicApi('https://api.mistral.ai/v1', {
    streamOptions: false,
    rename: renaming({ max_completion_tokens: 'max_tokens', seed: 'random_seed' }),
    takesBack: [],
    callId: mistralCallId,
  }),
  xai: publicApi('https://api.x.ai/v1'),
  openrouter: publicApi('https://openrouter.ai/api/v1', { isStrict: (model) => model.startsWith('openai/') }),
  groq: publicApi('https://api.groq.com/openai/v1', {
    structuredOutput: groqWay,
    isStrict: (model) => groqStrict.test(model),
    takesBack: ['reasoning'],
  }),
  deepseek: publicApi('https://api.deepseek.com/v1', { structuredOutput: () => 'json_mode', rename: oldName }),
  together: publicApi('https://api.together.xyz/v1', { rename: oldName }),
  fireworks: publicApi('https://api.fireworks.ai/inference/v1', { rename: oldName }),
  perplexity: publicApi('https://api.perplexity.ai', { streamOptions: false, rename: oldName }),
  ollama: { ...ownServer(11434), rename: oldName },
  vllm: ownServer(8000),
  llamacpp: { ...ownServer(8080), rename: oldName },
  lmstudio: { ...ownServer(1234), rename: oldName },
};
