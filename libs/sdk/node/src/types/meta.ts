/** What is known of how an answer came about. Field names are those of the wire. */
export interface Meta {
  /** Left out on an intermediate state. */
  readonly status?: 'success' | 'completed' | 'error';
  readonly http_status: number;
  readonly workflow: string;
  readonly workflow_name: string;
  readonly provider: string;
  readonly model: string;
  readonly requested_provider: string;
  readonly requested_model: string;
  readonly used_provider: string;
  readonly used_model: string;
  readonly duration_ms: number;
  readonly usage: {
    readonly prompt_tokens: number;
    readonly completion_tokens: number;
    readonly total_tokens: number;
  };
  readonly tokens: { readonly prompt: number; readonly completion: number; readonly total: number };
  /** Null when the model's price is not known. */
  readonly cost_usd: number | null;
  readonly structured_output: boolean;
  readonly offline_fallback: boolean;
  readonly test_mode: boolean;
  readonly attempts: readonly Attempt[];
}

/** One try to have a provider answer. */
export interface Attempt {
  readonly provider: string;
  readonly model: string;
  readonly status: 'success' | 'error';
  readonly success: boolean;
  readonly duration_ms: number;
  /** Why it failed; null when it did not. */
  readonly reason: string | null;
}
