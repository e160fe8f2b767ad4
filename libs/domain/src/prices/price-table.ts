import type { GenerationSummary, ModelPrice, TokenUsage } from '@headrace/contracts';
import { listPrices } from './list-prices.js';
import { PriceLookup } from './price-lookup.js';

/** Providers that sell another's models under the other's names and at its list prices. */
const sellers: Readonly<Record<string, string>> = { 'openai-responses': 'openai' };

const million = 1_000_000;

const listed = new PriceLookup(listPrices);

/** Says what tokens cost. */
export class PriceTable {
  readonly #own: PriceLookup;

  /** `own`: the operator's prices, in front of the list's. */
  constructor(own: readonly ModelPrice[] = []) {
    this.#own = new PriceLookup(own);
  }

  /** Every price in use; not those of the list that the operator has replaced by name. */
  get prices(): readonly ModelPrice[] {
    return [...this.#own.prices, ...listed.prices.filter((price) => !this.#own.has(price))];
  }

  /**
   * The price of a model: the operator's, be it for all names that begin like this one, else the list's. Undefined
   * when nothing fits: a guess would be worse than none.
   */
  priceOf(provider: string, model: string): ModelPrice | undefined {
    const seller = sellers[provider];
    for (const prices of [this.#own, listed]) {
      const price = prices.find(provider, model) ?? (seller === undefined ? undefined : prices.find(seller, model));
      if (price) return price;
    }
    return undefined;
  }

  /** What an answer cost in US dollars; null when the model has no price or the provider told no tokens. */
  costOf(provider: string, model: string, usage: TokenUsage | null): number | null {
    const price = usage && this.priceOf(provider, model);
    if (!price) return null;
    // Reasoning tokens are among the answer's.
    const dollars = promptCost(usage, price) + usage.completionTokens * price.outputUsd;
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
}

/** In millionths of a dollar. What was read from a cache or written into one is among the prompt's tokens. */
function promptCost(usage: TokenUsage, price: ModelPrice): number {
  const read = Math.min(usage.cachedPromptTokens ?? 0, usage.promptTokens);
  const written = Math.min(usage.cacheWriteTokens ?? 0, usage.promptTokens - read);
  const forAnHour = Math.min(usage.cacheWriteHourTokens ?? 0, written);
  const { inputUsd, cachedInputUsd, cacheWriteUsd } = price;
  const writeUsd = cacheWriteUsd ?? inputUsd;
  return (
    (usage.promptTokens - read - written) * inputUsd +
    read * (cachedInputUsd ?? inputUsd) +
    (written - forAnHour) * writeUsd +
    forAnHour * (price.cacheWriteHourUsd ?? writeUsd)
  );
}
