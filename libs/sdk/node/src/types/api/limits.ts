// Made of the OpenAPI document by tools/sdk/generate-types.mjs: change the classes that it describes.

export interface RateLimits {
  /** Of all requests of the project together. */
  readonly project?: { readonly requests: number; readonly seconds: number } | null;
  /** Of each API key. */
  readonly key?: { readonly requests: number; readonly seconds: number } | null;
  /** Of each `user_id` (or `safety_identifier`, or `user`); requests without one have no such limit. */
  readonly user?: { readonly requests: number; readonly seconds: number } | null;
  /** Of each client address (of IPv6: of each /64). */
  readonly ip?: { readonly requests: number; readonly seconds: number } | null;
  /** Of single API keys, by their ids, in the place of `key`. */
  readonly keys?: Readonly<Record<string, { readonly requests: number; readonly seconds: number } | null>>;
  /** Most generations of the project at once. What is beyond waits and is not refused. */
  readonly concurrent?: number | null;
}

export interface BudgetSetting {
  /** Unique in the project; refusals name it. */
  readonly name: string;
  /** Begins anew with the day or month in UTC. */
  readonly period: 'day' | 'month';
  /** Id of the API key; left out: the project. */
  readonly api_key_id?: string | null;
  /** From this on it is told, once a period. */
  readonly alert_usd?: number | null;
  /** From this on requests are refused. */
  readonly limit_usd?: number | null;
}

export interface Budget {
  /** Unique in the project; refusals name it. */
  readonly name: string;
  /** Begins anew with the day or month in UTC. */
  readonly period: 'day' | 'month';
  /** Id of the API key; left out: the project. */
  readonly api_key_id?: string | null;
  /** From this on it is told, once a period. */
  readonly alert_usd?: number | null;
  /** From this on requests are refused. */
  readonly limit_usd?: number | null;
  /** In the current period; some seconds behind. */
  readonly spent_usd: number;
  readonly period_start: string;
  readonly period_end: string;
  readonly state: 'ok' | 'alerting' | 'used_up';
}

export interface Budgets {
  readonly budgets: readonly Budget[];
}
