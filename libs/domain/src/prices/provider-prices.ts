/** A model, then US dollars for a million tokens of the prompt, of the answer, and of the prompt where it was cached. */
export type PriceRow = readonly [model: string, inputUsd: number, outputUsd: number, cachedInputUsd?: number];

/** What one provider asks. */
export interface ProviderPrices {
  readonly provider: string;
  /** Its name for people. */
  readonly title: string;
  /** The day up to which its page, or records of it, were followed. */
  readonly readOn: string;
  readonly rows: readonly PriceRow[];
  /** What writing into its cache costs, where that is not the price of other input. */
  readonly cacheWrites?: CacheWritePrices;
}

/** Prices of prompt tokens that are written into a cache, as multiples of the price of other input. */
export interface CacheWritePrices {
  /** The models that have them. */
  readonly models: RegExp;
  readonly input: number;
  /** Of the cache of an hour; left out: there is none, or it costs as much. */
  readonly inputForAnHour?: number;
}

const openAi: ProviderPrices = {
  provider: 'openai',
  title: 'OpenAI',
  readOn: '2026-10-27',
  cacheWrites: { models: /^gpt-(?:5\.6|6)/, input: 1.25 },
  // Not `gpt-5.6` alone: the sources differ about what that name costs.
  rows: [
    ['gpt-6.1-sol', 2, 10, 0.1],
    ['gpt-6.1-terra', 1, 5, 0.05],
    ['gpt-6-astra', 10, 50, 1],
    ['gpt-6-sol', 2, 10, 0.2],
    ['gpt-6-luna', 0.1, 0.5, 0.01],
    // Promised until 2026-11-21 at least; 5, 30 and 0.5 before.
    ['gpt-5.6-sol', 4, 20, 0.4],
    ['gpt-5.6-terra', 2, 12, 0.2],
    ['gpt-5.6-luna', 0.2, 1.2, 0.02],
    ['gpt-5.5', 5, 30, 0.5],
    ['gpt-5.5-pro', 30, 180],
    ['gpt-5.4', 2.5, 15, 0.25],
    ['gpt-5.4-mini', 0.75, 4.5, 0.075],
    ['gpt-5.4-nano', 0.2, 1.25, 0.02],
    ['gpt-5.4-pro', 30, 180],
    ['gpt-5.3-codex', 1.75, 14, 0.175],
    ['gpt-5.2', 1.75, 14, 0.175],
    ['gpt-5.2-chat', 1.75, 14, 0.175],
    ['gpt-5.2-codex', 1.75, 14, 0.175],
    ['gpt-5.2-pro', 21, 168],
    ['gpt-5.1', 1.25, 10, 0.125],
    ['gpt-5.1-chat', 1.25, 10, 0.125],
    ['gpt-5.1-codex', 1.25, 10, 0.125],
    ['gpt-5.1-codex-max', 1.25, 10, 0.125],
    ['gpt-5.1-codex-mini', 0.25, 2, 0.025],
    ['gpt-5', 1.25, 10, 0.125],
    ['gpt-5-chat', 1.25, 10, 0.125],
    ['gpt-5-codex', 1.25, 10, 0.125],
    ['gpt-5-mini', 0.25, 2, 0.025],
    ['gpt-5-nano', 0.05, 0.4, 0.005],
    ['gpt-5-pro', 15, 120],
    ['gpt-4.1', 2, 8, 0.5],
    ['gpt-4.1-mini', 0.4, 1.6, 0.1],
    ['gpt-4.1-nano', 0.1, 0.4, 0.025],
    ['gpt-4o', 2.5, 10, 1.25],
    ['gpt-4o-2024-05-13', 5, 15],
    ['gpt-4o-mini', 0.15, 0.6, 0.075],
    ['o1', 15, 60, 7.5],
    ['o3', 2, 8, 0.5],
    ['o3-mini', 1.1, 4.4, 0.55],
    ['o3-pro', 20, 80],
    ['o4-mini', 1.1, 4.4, 0.275],
  ],
};

const anthropic: ProviderPrices = {
  provider: 'anthropic',
  title: 'Anthropic',
  readOn: '2026-10-24',
  cacheWrites: { models: /^claude-/, input: 1.25, inputForAnHour: 2 },
  rows: [
    ['claude-fable-5-1', 10, 50, 0.25],
    ['claude-fable-5', 10, 50, 1],
    ['claude-mythos-5-1', 10, 50, 0.25],
    ['claude-mythos-5', 10, 50, 1],
    ['claude-opus-5-5', 4, 20, 0.2],
    ['claude-opus-5', 5, 25, 0.5],
    ['claude-opus-4-8', 5, 25, 0.5],
    ['claude-opus-4-7', 5, 25, 0.5],
    ['claude-opus-4-6', 5, 25, 0.5],
    ['claude-opus-4-5', 5, 25, 0.5],
    ['claude-opus-4-1', 15, 75, 1.5],
    ['claude-opus-4', 15, 75, 1.5],
    ['claude-sonnet-5-5', 2, 10, 0.1],
    ['claude-sonnet-5', 2, 10, 0.2],
    ['claude-sonnet-4-6', 3, 15, 0.3],
    ['claude-sonnet-4-5', 3, 15, 0.3],
    ['claude-sonnet-4', 3, 15, 0.3],
    ['claude-3-7-sonnet', 3, 15, 0.3],
    // Five times as much for prompts of more than 100,000 tokens.
    ['claude-haiku-5-5', 0.1, 0.5, 0.01],
    ['claude-haiku-4-5', 1, 5, 0.1],
    ['claude-3-5-haiku', 0.8, 4, 0.08],
  ],
};

const google: ProviderPrices = {
  provider: 'google',
  title: 'Google',
  readOn: '2026-10-14',
  rows: [
    // Until 2026-11-30; then 4, 20 and 0.2.
    ['gemini-4-argon', 2, 10, 0.1],
    // The three until 2026-12-31; then 1.5, 7.5 and 0.15.
    ['gemini-3.8-flash', 0.75, 3.75, 0.075],
    ['gemini-3.7-flash', 0.75, 3.75, 0.075],
    ['gemini-3.6-flash', 0.75, 3.75, 0.075],
    ['gemini-3.5-flash', 1.5, 9, 0.15],
    ['gemini-3.5-flash-lite', 0.3, 2.5, 0.03],
    ['gemini-3.1-pro', 2, 12, 0.2],
    ['gemini-3.1-flash-lite', 0.25, 1.5, 0.025],
    ['gemini-3-flash', 0.5, 3, 0.05],
    ['gemini-2.5-pro', 1.25, 10, 0.125],
    ['gemini-2.5-flash', 0.3, 2.5, 0.03],
    ['gemini-2.5-flash-lite', 0.1, 0.4, 0.01],
  ],
};

const mistral: ProviderPrices = {
  provider: 'mistral',
  title: 'Mistral',
  readOn: '2026-10-20',
  // No names without an edition: from one edition to the next a name here has cost three times as much.
  rows: [
    ['mistral-large-4', 1.36, 4.18, 0.14],
    ['mistral-large-4-0', 1.36, 4.18, 0.14],
    ['mistral-large-latest', 0.5, 1.5, 0.05],
    ['mistral-large-2512', 0.5, 1.5, 0.05],
    ['mistral-medium-latest', 1.5, 7.5],
    ['mistral-medium-3-5', 1.5, 7.5],
    ['mistral-medium-3.5', 1.5, 7.5],
    ['mistral-medium-2604', 1.5, 7.5],
    ['mistral-medium-2508', 0.4, 2],
    ['mistral-small-latest', 0.15, 0.6, 0.015],
    ['mistral-small-2603', 0.15, 0.6, 0.015],
    ['mistral-small-2506', 0.1, 0.3],
    ['codestral-latest', 0.3, 0.9],
    ['codestral-2508', 0.3, 0.9],
    ['ministral-14b-2512', 0.2, 0.2, 0.02],
    ['ministral-8b-2512', 0.15, 0.15, 0.015],
    ['ministral-3b-2512', 0.1, 0.1, 0.01],
  ],
};

const cohere: ProviderPrices = {
  provider: 'cohere',
  title: 'Cohere',
  readOn: '2026-06-30',
  // Neither Command A+ nor Command A Reasoning, Translate and Vision: they are sold by contract.
  rows: [
    ['command-a', 2.5, 10],
    ['command-r-plus', 2.5, 10],
    ['command-r-plus-04-2024', 3, 15],
    ['command-r', 0.15, 0.6],
    ['command-r-03-2024', 0.5, 1.5],
    ['command-r7b', 0.0375, 0.15],
  ],
};

const xai: ProviderPrices = {
  provider: 'xai',
  title: 'xAI',
  readOn: '2026-09-29',
  // Not Grok 3, 4 and 4.1: they were withdrawn in May 2026, and another model at another price may answer for them.
  rows: [
    ['grok-4.7', 2, 6, 0.5],
    ['grok-4.6', 2, 6, 0.5],
    ['grok-4.5', 2, 6, 0.5],
    ['grok-4.3', 1.25, 2.5, 0.2],
    ['grok-4.20*', 1.25, 2.5, 0.2],
  ],
};

const deepSeek: ProviderPrices = {
  provider: 'deepseek',
  title: 'DeepSeek',
  readOn: '2026-10-27',
  // Off-peak; twice as much from 1 to 4 and from 6 to 10 o'clock UTC on working days in China.
  rows: [
    ['deepseek-flash', 0.15, 0.6, 0.003],
    ['deepseek-v4-flash', 0.15, 0.6, 0.003],
    ['deepseek-v4-pro', 0.66, 1.98, 0.022],
  ],
};

const groq: ProviderPrices = {
  provider: 'groq',
  title: 'Groq',
  readOn: '2026-08-29',
  rows: [
    ['openai/gpt-oss-120b', 0.15, 0.6, 0.075],
    ['openai/gpt-oss-20b', 0.075, 0.3, 0.0375],
    ['qwen/qwen3.8-27b', 0.8, 4, 0.4],
    ['qwen/qwen3.6-27b', 0.6, 3],
  ],
};

/** What the providers ask, each by its own price page. */
export const providerPrices: readonly ProviderPrices[] = [
  openAi,
  anthropic,
  google,
  mistral,
  cohere,
  xai,
  deepSeek,
  groq,
];
