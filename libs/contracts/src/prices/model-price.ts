/** What a model costs, in US dollars for a million tokens. */
export interface ModelPrice {
  /** The name that workflows use. */
  readonly provider: string;
  /** Name of the model, or the beginning of names and `*`; `*` alone is every model of the provider. */
  readonly model: string;
  readonly inputUsd: number;
  readonly outputUsd: number;
  /** Of prompt tokens that the provider had cached; null: as other input. */
  readonly cachedInputUsd: number | null;
  /** Of prompt tokens that the provider wrote into its cache; null or left out: as other input. */
  readonly cacheWriteUsd?: number | null;
  /** Of those that it keeps there for an hour; null or left out: as others that it writes there. */
  readonly cacheWriteHourUsd?: number | null;
}
