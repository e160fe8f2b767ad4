// Made of the OpenAPI document by tools/sdk/generate-types.mjs: change the classes that it describes.

export interface NewApiKey {
  readonly name: string;
  /** Null, or left out: never. */
  readonly expires_in_days?: 1 | 7 | 30 | 60 | 90 | null;
}

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  /** How the key begins. */
  readonly prefix: string;
  /** Null: never. */
  readonly expires_at: string | null;
  /** To the minute. */
  readonly last_used_at: string | null;
  readonly revoked_at: string | null;
  readonly created_at: string;
}

export interface ApiKeyWithValue {
  readonly id: string;
  readonly name: string;
  /** How the key begins. */
  readonly prefix: string;
  /** Null: never. */
  readonly expires_at: string | null;
  /** To the minute. */
  readonly last_used_at: string | null;
  readonly revoked_at: string | null;
  readonly created_at: string;
  /** Keep it: it is shown only here. */
  readonly key: string;
}
