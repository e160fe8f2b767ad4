import type { GenerationAttempt, GenerationOutput, GenerationPlan, GenerationSummary } from '@headrace/contracts';
import { summariseGeneration, type FailedAttempt, type GenerationFailure } from '@headrace/domain';
import type { UsableAnswer } from './attempt/provider-attempts.js';

/** What a generation came to; `generation` is null when no provider was tried. */
export type GenerationResult =
  | { readonly generation: GenerationSummary; readonly output: GenerationOutput }
  | { readonly generation: GenerationSummary | null; readonly failure: GenerationFailure };

/** A generation that goes on later: its next attempt is due at that time. */
export interface GenerationPause {
  readonly until: Date;
}

/** Sums up a generation that runs from now on, or has since its first attempt, from its failed attempts at the end. */
export function summaries(plan: GenerationPlan, made: readonly FailedAttempt[]) {
  const started = performance.now();
  const [first] = made;
  const beforeMs = first ? Math.max(0, Date.now() - Date.parse(first.attempt.startedAt)) : 0;
  const summary = (attempts: readonly GenerationAttempt[], answer?: UsableAnswer, offlineFallback = false) =>
    summariseGeneration({
      plan,
      attempts: [...made.map(({ attempt }) => attempt), ...attempts],
      durationMs: Math.round(beforeMs + performance.now() - started),
      usage: answer?.usage ?? null,
      structuredOutput: answer?.isStructured ?? false,
      offlineFallback,
    });
  return {
    succeeded: (attempt: GenerationAttempt, answer: UsableAnswer, offlineFallback = false): GenerationResult => ({
      generation: summary([attempt], answer, offlineFallback),
      output: answer.output,
    }),
    failed: (failure: GenerationFailure): GenerationResult => ({ generation: summary([]), failure }),
  };
}
