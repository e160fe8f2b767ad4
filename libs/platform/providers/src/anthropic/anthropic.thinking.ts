import type { JsonObject } from '@headrace/contracts';
import { isObject, objectsIn } from '../chat/json.js';
import type { Parameters, ReasoningEffort } from '../chat/parameters.js';
import { hasEffort, hasHighestEffort, withoutThinking } from './claude-generation.js';

/** What is asked of a model's thinking. */
export interface Thinking {
  readonly thinking?: JsonObject;
  /** Goes into `output_config`. */
  readonly effort?: string;
}

/** What it depends on beside the parameters. */
export interface ThinkingContext {
  readonly model: string;
  readonly maxTokens: number;
  /** Whether the model must call a tool: it cannot think before that. */
  readonly isForced: boolean;
  /** Of the request, in the form of the API. */
  readonly messages: readonly JsonObject[];
}

/** Budgets of tokens for models that take no effort; the API's least is 1,024. */
const leastBudget = 1_024;
const budgets: Readonly<Record<ReasoningEffort, number>> = {
  none: 0,
  minimal: leastBudget,
  low: 2_048,
  medium: 8_192,
  high: 16_384,
  xhigh: 24_576,
  max: 31_999,
};

/** `thinking` and the effort, from Anthropic's own parameter `thinking` or OpenAI's `reasoning_effort`. */
export function thinkingSettings(parameters: Parameters, context: ThinkingContext): Thinking {
  const { model, maxTokens, isForced, messages } = context;
  if (isForced) return {};
  const given = parameters.get('thinking');
  if (isObject(given)) return { thinking: given };
  const effort = parameters.reasoningEffort;
  if (effort === undefined) return {};
  if (effort === 'none') return quiet(model);
  if (hasEffort(model)) return { thinking: { type: 'adaptive' }, effort: nativeEffort(effort, model) };
  const budget = Math.min(budgets[effort], maxTokens - 1);
  return budget < leastBudget || lacksThoughts(messages)
    ? {}
    : { thinking: { type: 'enabled', budget_tokens: budget } };
}

function quiet(model: string): Thinking {
  const how = withoutThinking(model);
  if (how === 'nothing') return {};
  return how === 'low_effort' ? { effort: 'low' } : { thinking: { type: how } };
}

function nativeEffort(effort: ReasoningEffort, model: string): string {
  if (effort === 'minimal') return 'low';
  return effort === 'xhigh' && !hasHighestEffort(model) ? 'high' : effort;
}

/**
 * Whether the last calls of tools came without the thoughts before them, as from another provider: a model with a
 * budget refuses to think on from there.
 */
function lacksThoughts(messages: readonly JsonObject[]): boolean {
  const blocks = objectsIn(messages.findLast(({ role }) => role === 'assistant')?.content);
  return blocks.some(({ type }) => type === 'tool_use') && blocks[0]?.type !== 'thinking';
}
