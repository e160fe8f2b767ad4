// Made of the OpenAPI document by tools/sdk/generate-types.mjs: change the classes that it describes.

export interface NewProviderCredential {
  /** Stored encrypted, shown masked. */
  readonly api_key?: string | null;
  /** Null: the provider's own. */
  readonly base_url?: string | null;
  readonly provider: string;
}

export interface ProviderCredentialChanges {
  /** Stored encrypted, shown masked. */
  readonly api_key?: string | null;
  /** Null: the provider's own. */
  readonly base_url?: string | null;
}

export interface ProviderCredential {
  readonly id: string;
  readonly provider: string;
  readonly api_key: string | null;
  readonly base_url: string | null;
  readonly created_at: string;
  readonly updated_at: string;
}
