import type { ModelPrice } from '@headrace/contracts';

/** `gpt-4o-2024-08-06`, `claude-sonnet-4-20250514`, `command-r-08-2024`, `gemini-2.5-pro-preview-06-05`, `…-latest`. */
const edition = /-(?:latest|preview|\d{4}-\d{2}-\d{2}|\d{8}|\d{2}-\d{4}|\d{2}-\d{2}|\d{4}|\d{3})$/;

/** Google's models may be asked for as `models/gemini-…`, too. */
const place = /^models\//;

/** Finds prices by the names of models. */
export class PriceLookup {
  readonly #exact = new Map<string, ModelPrice>();
  /** Those of names that begin alike, the longest beginning first. */
  readonly #beginnings: ModelPrice[] = [];

  constructor(prices: readonly ModelPrice[]) {
    for (const price of prices) this.#exact.set(nameOf(price.provider, price.model), price);
    for (const price of this.#exact.values()) if (price.model.endsWith('*')) this.#beginnings.push(price);
    this.#beginnings.sort((one, other) => other.model.length - one.model.length);
  }

  /**
   * The price of exactly this name, else of the name without `models/`, else without the edition (of
   * `…-preview-09-2025` there are two), else of the longest beginning that fits.
   */
  find(provider: string, model: string): ModelPrice | undefined {
    const plain = model.replace(place, '');
    const withoutEdition = plain.replace(edition, '');
    for (const name of [model, plain, withoutEdition, withoutEdition.replace(edition, '')]) {
      const price = this.#exact.get(nameOf(provider, name));
      if (price) return price;
    }
    return this.#beginnings.find((price) => price.provider === provider && begins(price, model, plain));
  }

  /** Whether there is a price under exactly these names. */
  has({ provider, model }: ModelPrice): boolean {
    return this.#exact.has(nameOf(provider, model));
  }

  get prices(): readonly ModelPrice[] {
    return [...this.#exact.values()];
  }
}

const nameOf = (provider: string, model: string): string => JSON.stringify([provider, model]);

const begins = ({ model }: ModelPrice, ...names: readonly string[]): boolean =>
  names.some((name) => name.startsWith(model.slice(0, -1)));
