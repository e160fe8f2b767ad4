import type { ModelPrice } from '@headrace/contracts';

/** Of which month the list is. */
export const listPricesDate = '2025-11';

/** Where the list comes from, for people. */
export const listPricesSource =
  "The providers' public price pages for calls that answer at once (no batch, flex or priority tier, the smallest " +
  'context tier), typed in by hand. Providers change prices without notice: check them before you bill by them.';

const price = (
  provider: string,
  model: string,
  inputUsd: number,
  outputUsd: number,
  cachedInputUsd: number | null = null,
): ModelPrice => ({ provider, model, inputUsd, outputUsd, cachedInputUsd });

/** Prices of well-known models, in US dollars for a million tokens. Operators put their own in front of them. */
export const listPrices: readonly ModelPrice[] = [
  price('openai', 'gpt-5.1', 1.25, 10, 0.125),
  price('openai', 'gpt-5', 1.25, 10, 0.125),
  price('openai', 'gpt-5-mini', 0.25, 2, 0.025),
  price('openai', 'gpt-5-nano', 0.05, 0.4, 0.005),
  price('openai', 'gpt-4.1', 2, 8, 0.5),
  price('openai', 'gpt-4.1-mini', 0.4, 1.6, 0.1),
  price('openai', 'gpt-4.1-nano', 0.1, 0.4, 0.025),
  price('openai', 'gpt-4o', 2.5, 10, 1.25),
  price('openai', 'gpt-4o-mini', 0.15, 0.6, 0.075),
  price('openai', 'o1', 15, 60, 7.5),
  price('openai', 'o3', 2, 8, 0.5),
  price('openai', 'o3-mini', 1.1, 4.4, 0.55),
  price('openai', 'o4-mini', 1.1, 4.4, 0.275),
  price('anthropic', 'claude-opus-4-5', 5, 25, 0.5),
  price('anthropic', 'claude-opus-4-1', 15, 75, 1.5),
  price('anthropic', 'claude-opus-4', 15, 75, 1.5),
  price('anthropic', 'claude-sonnet-4-5', 3, 15, 0.3),
  price('anthropic', 'claude-sonnet-4', 3, 15, 0.3),
  price('anthropic', 'claude-haiku-4-5', 1, 5, 0.1),
  price('anthropic', 'claude-3-7-sonnet', 3, 15, 0.3),
  price('anthropic', 'claude-3-5-haiku', 0.8, 4, 0.08),
  price('google', 'gemini-2.5-pro', 1.25, 10, 0.125),
  price('google', 'gemini-2.5-flash', 0.3, 2.5, 0.03),
  price('google', 'gemini-2.5-flash-lite', 0.1, 0.4, 0.01),
  price('google', 'gemini-2.0-flash', 0.1, 0.4, 0.025),
  price('mistral', 'mistral-medium', 0.4, 2),
  price('mistral', 'mistral-small', 0.1, 0.3),
  price('mistral', 'codestral', 0.3, 0.9),
  price('cohere', 'command-a', 2.5, 10),
  price('cohere', 'command-r-plus', 2.5, 10),
  price('cohere', 'command-r', 0.15, 0.6),
  price('cohere', 'command-r7b', 0.0375, 0.15),
  price('xai', 'grok-4', 3, 15, 0.75),
  price('xai', 'grok-4-fast*', 0.2, 0.5, 0.05),
  price('xai', 'grok-3', 3, 15, 0.75),
  price('xai', 'grok-3-mini', 0.3, 0.5, 0.075),
  price('deepseek', 'deepseek-chat', 0.28, 0.42, 0.028),
  price('deepseek', 'deepseek-reasoner', 0.28, 0.42, 0.028),
  price('ollama', '*', 0, 0),
  price('llamacpp', '*', 0, 0),
  price('lmstudio', '*', 0, 0),
  price('vllm', '*', 0, 0),
  price('offline', '*', 0, 0),
];
