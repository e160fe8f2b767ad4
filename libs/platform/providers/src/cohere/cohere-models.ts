import type { JsonObject } from '@headrace/contracts';
import type { ReasoningEffort } from '../chat/parameters.js';

/** The models from before there were thoughts, and those for other tasks; any other is taken to think. */
const withoutThoughts = /^(?:command(?:-light|-nightly)?$|command-r|command-a-(?:\d|vision|translate)|c4ai|aya)/i;

/** Whether the model can think before it answers: it then does so unless it is told not to. */
export const canThink = (model: string): boolean => !withoutThoughts.test(model);

const budgets: Readonly<Record<Exclude<ReasoningEffort, 'none'>, number>> = {
  minimal: 512,
  low: 2_048,
  medium: 8_192,
  high: 16_384,
  xhigh: 24_576,
  max: 31_000,
};

/** `thinking` for an effort: a budget of tokens. */
export const thinkingFor = (effort: ReasoningEffort): JsonObject =>
  effort === 'none' ? { type: 'disabled' } : { type: 'enabled', token_budget: budgets[effort] };
