import type { Json, JsonObject } from '@headrace/contracts';
import { badRequest } from './bad-request.js';

/** Reads the parameters that providers spell in their own ways. */
export class Parameters {
  constructor(private readonly values: JsonObject) {}

  /** A parameter as it is; undefined when it is left out or null. */
  get(name: string): Json | undefined {
    return this.values[name] ?? undefined;
  }

  /** A number. Throws `ProviderError` when it is something else. */
  number(name: string): number | undefined {
    const value = this.get(name);
    if (value === undefined || typeof value === 'number') return value;
    throw badRequest(`${name} must be a number.`);
  }

  /** A number, moved to the nearest end of a range that is narrower than OpenAI's. */
  within(name: string, least: number, most: number): number | undefined {
    const value = this.number(name);
    return value === undefined ? undefined : Math.min(most, Math.max(least, value));
  }

  /** Longest answer in tokens, by its new name or its old one. */
  get maxTokens(): number | undefined {
    return this.number('max_completion_tokens') ?? this.number('max_tokens');
  }

  /** `stop` is one text or several. */
  get stop(): string[] | undefined {
    const value = this.get('stop');
    if (value === undefined) return undefined;
    const texts = [value].flat();
    if (texts.some((one) => typeof one !== 'string')) throw badRequest('stop must be a text or a list of texts.');
    return texts as string[];
  }

  /** How much to think before answering. */
  get reasoningEffort(): ReasoningEffort | undefined {
    const value = this.get('reasoning_effort');
    if (value === undefined) return undefined;
    const known = reasoningEfforts.find((effort) => effort === value);
    if (known === undefined) throw badRequest(`reasoning_effort must be one of ${reasoningEfforts.join(', ')}.`);
    return known;
  }
}

/** OpenAI's words for how much to think, and the one that others have above them. */
export const reasoningEfforts = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const;
export type ReasoningEffort = (typeof reasoningEfforts)[number];
