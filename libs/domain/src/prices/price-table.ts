import type { GenerationSummary, ModelPrice, TokenUsage } from '@headrace/contracts';
import { listPrices } from './list-prices.js';

/** `gpt-4o-2024-08-06`, `claude-sonnet-4-20250514`, `command-r-08-2024`, `mistral-small-2506`, `…-latest`. */
const edition = /-(?:latest|preview|\d{4}-\d{2}-\d{2}|\d{8}|\d{2}-\d{4}|\d{4}|\d{3})$/;

/** Providers that sell another's models under the other's names and at its list prices. */
const sellers: Readonly<Record<string, string>> = { 'openai-responses': 'openai' };

const million = 1_000_000;

/** Says what tokens cost. */
export class PriceTable {
  readonly #exact = new Map<string, ModelPrice>();
  /** Those of names that begin alike, the longest beginning first. */
  readonly #beginnings: ModelPrice[] = [];

  /** `own`: the operator's prices, each in the place of the list's for the same provider and model. */
  constructor(own: readonly ModelPrice[] = []) {
    for (const price of [...listPrices, ...own]) this.#exact.set(nameOf(price.provider, price.model), price);
    for (const price of this.#exact.values()) if (price.model.endsWith('*')) this.#beginnings.push(price);
    this.#beginnings.sort((one, other) => other.model.length - one.model.length);
  }

  /** Every price in use. */
  get prices(): readonly ModelPrice[] {
    return [...this.#exact.values()];
  }

  /**
   * The price of a model: of exactly its name, else of its name without the edition, else of the longest beginning
   * that fits. Undefined when nothing fits: a guess would be worse than none.
   */
  priceOf(provider: string, model: string): ModelPrice | undefined {
    const found = this.#find(provider, model);
    const seller = sellers[provider];
    return found ?? (seller === undefined ? undefined : this.#find(seller, model));
  }

  /** What an answer cost in US dollars; null when the model has no price or the provider told no tokens. */
  costOf(provider: string, model: string, usage: TokenUsage | null): number | null {
    const price = usage && this.priceOf(provider, model);
    if (!price) return null;
    // Reasoning tokens are among the answer's, and cached ones among the prompt's.
    const cached = Math.min(usage.cachedPromptTokens ?? 0, usage.promptTokens);
    const dollars =
      (usage.promptTokens - cached) * price.inputUsd +
      cached * (price.cachedInputUsd ?? price.inputUsd) +
      usage.completionTokens * price.outputUsd;
    // Prices have up to four decimals for a million: what is behind the tenth is what addition leaves over.
    return Math.round((dollars / million) * 1e10) / 1e10;
  }

  /**
   * What a whole generation cost: the answer, and those before it that could not be used and are paid for all the
   * same. Null when nothing of it has a price.
   */
  costOfGeneration({ usedProvider, usedModel, usage, attempts }: GenerationSummary): number | null {
    const costs = [
      this.costOf(usedProvider, usedModel, usage),
      ...attempts.map((attempt) => this.costOf(attempt.provider, attempt.model, attempt.usage ?? null)),
    ].filter((cost) => cost !== null);
    return costs.length === 0 ? null : costs.reduce((sum, cost) => sum + cost);
  }

  #find(provider: string, model: string): ModelPrice | undefined {
    return (
      this.#exact.get(nameOf(provider, model)) ??
      this.#exact.get(nameOf(provider, model.replace(edition, ''))) ??
      this.#beginnings.find((price) => price.provider === provider && model.startsWith(price.model.slice(0, -1)))
    );
  }
}

const nameOf = (provider: string, model: string): string => JSON.stringify([provider, model]);
