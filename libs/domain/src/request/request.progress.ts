import type { EarlierAnswers, GenerationSummary, RequestContext, RequestProgress } from '@headrace/contracts';

/** Rounds of tool results that a workflow allows in a stage when it does not say. */
export const usualToolRounds = 8;

/** Workflows that a request may run through. */
export const mostStages = 20;

/** How far a request has come, also one that was never continued. */
export function progressOf({ progress }: RequestContext): Omit<RequestProgress, 'round'> & { readonly round: number } {
  return progress ?? { round: 0, stage: 1, toolRounds: 0, answered: [], earlier: nothingSpent };
}

const nothingSpent: EarlierAnswers = { promptTokens: 0, completionTokens: 0, costUsd: null, durationMs: 0 };

/**
 * Whether a callback is meant for the round that runs. One that does not name its round may be sent once more after
 * the round has ended, so what was taken before is not taken again.
 */
export function isOfThisRound(context: RequestContext, fingerprint: string, round: number | undefined): boolean {
  const progress = progressOf(context);
  return round === undefined ? !progress.answered.includes(fingerprint) : round === progress.round;
}

/** The progress after a callback that asks for another answer, behind one that `generation` has made. */
export function progressAfter(
  context: RequestContext,
  generation: GenerationSummary,
  fingerprint: string,
  reason: 'tool_results' | 'stage',
): RequestProgress {
  const { round, stage, toolRounds, answered, earlier } = progressOf(context);
  return {
    round: round + 1,
    stage: reason === 'stage' ? stage + 1 : stage,
    toolRounds: reason === 'stage' ? 0 : toolRounds + 1,
    answered: [...answered, fingerprint],
    earlier: withEarlier(generation, earlier),
  };
}

/** What all answers of a request have cost together: its earlier ones and the one that `generation` has made. */
export function withEarlier(
  generation: Pick<GenerationSummary, 'usage' | 'costUsd' | 'durationMs'>,
  earlier: EarlierAnswers,
): EarlierAnswers {
  const { usage, costUsd, durationMs } = generation;
  return {
    promptTokens: earlier.promptTokens + (usage?.promptTokens ?? 0),
    completionTokens: earlier.completionTokens + (usage?.completionTokens ?? 0),
    costUsd: costUsd === null ? earlier.costUsd : (earlier.costUsd ?? 0) + costUsd,
    durationMs: earlier.durationMs + durationMs,
  };
}
