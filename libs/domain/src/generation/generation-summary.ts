import type { GenerationAttempt, GenerationPlan, GenerationSummary, TokenUsage } from '@headrace/contracts';

/** What is known of a generation once it is over. Durations in milliseconds. */
export interface GenerationFacts {
  readonly plan: GenerationPlan;
  /** Every try in its order, a successful one last. */
  readonly attempts: readonly GenerationAttempt[];
  readonly durationMs: number;
  readonly usage: TokenUsage | null;
  /** Whether the answer is the parsed object of a structured output. */
  readonly structuredOutput: boolean;
  readonly offlineFallback: boolean;
}

/** HTTP status that META shows for a generation that came to nothing (CONTRACT section 1). */
export const failedHttpStatus = 502;

/** What META on the wire will be made from: the primary target as asked for, the last attempt as used. */
export function summariseGeneration(facts: GenerationFacts): GenerationSummary {
  const { plan, attempts, durationMs, usage, structuredOutput, offlineFallback } = facts;
  const [primary] = plan.targets;
  const last = attempts.at(-1);
  return {
    requestedProvider: primary?.provider ?? '',
    requestedModel: primary?.model ?? '',
    usedProvider: last?.provider ?? '',
    usedModel: last?.model ?? '',
    durationMs,
    httpStatus: last?.status === 'success' ? 200 : failedHttpStatus,
    usage,
    costUsd: null,
    structuredOutput,
    offlineFallback,
    attempts: [...attempts],
  };
}
