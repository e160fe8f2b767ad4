// Made of the OpenAPI document by tools/sdk/generate-types.mjs: change the classes that it describes.

export interface OwnPrice {
  readonly provider: string;
  /** A model, the beginning of names and `*`, or `*` for all. */
  readonly model: string;
  /** US dollars for a million tokens of the prompt. */
  readonly input_usd: number;
  /** US dollars for a million tokens of the answer, reasoning included. */
  readonly output_usd: number;
  /** Of cached prompt tokens; null: as input. */
  readonly cached_input_usd?: number | null;
  /** Of prompt tokens that the provider writes into its cache; null: as input. */
  readonly cache_write_usd?: number | null;
  /** Of those that it keeps there for an hour; null: as cache_write_usd. */
  readonly cache_write_1h_usd?: number | null;
}

export interface NewPrices {
  /** All prices of your own; those of before are replaced. */
  readonly prices: readonly OwnPrice[];
  /** Why, for the history. */
  readonly note?: string | null;
}

export interface PriceList {
  readonly date: string;
  readonly source: string;
}

export interface Price {
  readonly provider: string;
  /** A model, the beginning of names and `*`, or `*` for all. */
  readonly model: string;
  /** US dollars for a million tokens of the prompt. */
  readonly input_usd: number;
  /** US dollars for a million tokens of the answer, reasoning included. */
  readonly output_usd: number;
  /** Of cached prompt tokens; null: as input. */
  readonly cached_input_usd?: number | null;
  /** Of prompt tokens that the provider writes into its cache; null: as input. */
  readonly cache_write_usd?: number | null;
  /** Of those that it keeps there for an hour; null: as cache_write_usd. */
  readonly cache_write_1h_usd?: number | null;
  /** From the list that comes along, or from the operator. */
  readonly source: 'list' | 'own';
}

export interface PriceTable {
  /** Version of the operator's own prices; 0 while there are none. */
  readonly version: number;
  readonly list: PriceList;
  readonly data: readonly Price[];
}

export interface PriceVersion {
  readonly version: number;
  readonly note: string | null;
  readonly created_at: string;
  readonly prices: readonly OwnPrice[];
}

export interface PriceVersions {
  readonly data: readonly PriceVersion[];
}
