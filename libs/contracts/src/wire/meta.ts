import type { GenerationSummary, RequestContext } from '../events/shared.schemas.js';

/** Status words of META; never `success` on a failure, and absent on an intermediate state (CONTRACT section 3). */
export type MetaStatus = 'success' | 'completed' | 'error';

/** META of frames and webhook bodies: the union of the names in use (CONTRACT section 3). */
export interface Meta {
  readonly status?: MetaStatus;
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
  readonly usage: { prompt_tokens: number; completion_tokens: number; total_tokens: number };
  readonly tokens: { prompt: number; completion: number; total: number };
  readonly cost_usd: number | null;
  readonly structured_output: boolean;
  readonly offline_fallback: boolean;
  readonly test_mode: boolean;
  /** An earlier answer was given again; only then. */
  readonly cached?: true;
  readonly attempts: readonly {
    provider: string;
    model: string;
    status: 'success' | 'error';
    success: boolean;
    duration_ms: number;
    reason: string | null;
  }[];
}

/** META of a request, from what is known of its generation (null: it never came to one). */
export function metaOf(context: RequestContext, generation: GenerationSummary | null, status?: MetaStatus): Meta {
  const prompt = generation?.usage?.promptTokens ?? 0;
  const completion = generation?.usage?.completionTokens ?? 0;
  return {
    ...(status ? { status } : {}),
    http_status: generation?.httpStatus ?? 500,
    workflow: context.workflow,
    workflow_name: context.workflow,
    provider: generation?.usedProvider ?? '',
    model: generation?.usedModel ?? '',
    requested_provider: generation?.requestedProvider ?? '',
    requested_model: generation?.requestedModel ?? '',
    used_provider: generation?.usedProvider ?? '',
    used_model: generation?.usedModel ?? '',
    duration_ms: generation?.durationMs ?? 0,
    usage: { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion },
    tokens: { prompt, completion, total: prompt + completion },
    cost_usd: generation?.costUsd ?? null,
    structured_output: generation?.structuredOutput ?? false,
    offline_fallback: generation?.offlineFallback ?? false,
    test_mode: context.testMode,
    ...(generation?.cached ? { cached: true } : {}),
    attempts: (generation?.attempts ?? []).map((attempt) => ({
      provider: attempt.provider,
      model: attempt.model,
      status: attempt.status,
      success: attempt.status === 'success',
      duration_ms: attempt.durationMs,
      reason: attempt.reason,
    })),
  };
}
