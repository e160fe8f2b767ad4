import type { JsonObject } from '@headrace/contracts';
import type { ReasoningEffort } from '../chat/parameters.js';

/**
 * What depends on the generation of a model. Generations are read from names such as `gemini-2.5-flash` and
 * `gemini-3.1-pro-preview`; a name without one (`gemini-flash-latest`) is taken for the newest.
 */
function generationOf(model: string): number {
  const [, major, minor = '0'] = /gemini-(\d+)(?:\.(\d+))?/i.exec(model) ?? [];
  return major === undefined ? Infinity : Number(major) + Number(minor) / 100;
}

/** Whether answers can be held to a JSON Schema. */
export const hasJsonSchema = (model: string): boolean => generationOf(model) >= 2.05;

/** Whether a form of the answer can be asked for beside tools, as long as none of them must be called. */
export const hasFormatBesideTools = (model: string): boolean => generationOf(model) >= 3;

/** Whether calls have ids, and come with signatures of the thoughts before them that the API wants back. */
export const hasThoughtSignatures = (model: string): boolean => generationOf(model) >= 3;

/** Whether the model can think at all. */
export const canThink = (model: string): boolean => generationOf(model) >= 2.05;

/** Whether two names are of one model; its preview and its numbered versions are. */
export function isSameModel(one: string, other: string): boolean {
  const [a, b] = [one, other].map((name) => name.replace(/^.*\//, '').replace(/-(?:preview.*|exp.*|\d{3})$/, ''));
  return a === b || /-latest$/.test(one) || /-latest$/.test(other);
}

const budgets: Readonly<Record<ReasoningEffort, number>> = {
  none: 0,
  minimal: 1_024,
  low: 1_024,
  medium: 8_192,
  high: 24_576,
  xhigh: 24_576,
  max: 24_576,
};

/** `thinkingConfig` for an effort: a level, or a budget of tokens before the third generation. */
export function thinkingConfig(effort: ReasoningEffort, model: string): JsonObject {
  const isFlash = /flash/i.test(model);
  // The large models of the generation before think in any case.
  if (generationOf(model) < 3) return { thinkingBudget: effort === 'none' && !isFlash ? 128 : budgets[effort] };
  switch (effort) {
    case 'none':
    case 'minimal':
      return { thinkingLevel: isFlash ? 'minimal' : 'low' };
    case 'low':
      return { thinkingLevel: 'low' };
    case 'medium':
      // The first model of the third generation knows two levels only.
      return { thinkingLevel: /gemini-3-pro/i.test(model) ? 'high' : 'medium' };
    default:
      return { thinkingLevel: 'high' };
  }
}
