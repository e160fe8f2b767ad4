import type { Json } from '@headrace/contracts';
import { violationText, type Misfit } from '@headrace/domain';
import type { CompiledSchema, ProviderAnswer } from '@headrace/providers';
import { jsonIn } from './json-in-text.js';

/** The parsed object of a structured answer, or how it does not fit and why, in a sentence for people. */
export type StructuredAnswer = { readonly data: Json } | { readonly misfit: Misfit; readonly reason: string };

const longestReason = 1_000;
/** Of an answer that does not fit; it goes to the log twice, and to the client. */
const longestKept = 256 * 1024;

/**
 * Reads an answer that must be JSON of a schema. Models like to wrap JSON as if it were to be shown: of all values in
 * the text the only one that fits is taken.
 */
export function structuredAnswer({ content, finishReason }: ProviderAnswer, schema: CompiledSchema): StructuredAnswer {
  const text = content ?? '';
  const values = jsonIn(text);
  const judged = values.map((data) => ({ data, violations: schema.violations(data) }));
  const fitting = judged.filter(({ violations }) => violations.length === 0);
  const [only] = fitting;
  if (only && fitting.length === 1) return { data: only.data };
  const cut = finishReason === 'length';
  const violations = judged.length === 1 ? (judged[0]?.violations ?? []) : [];
  return {
    misfit: { content: shortened(text, longestKept), violations, ...(cut ? { cut } : {}) },
    reason: shortened(reasonOf(violations, values.length, cut), longestReason),
  };
}

function reasonOf(violations: Misfit['violations'], values: number, cut: boolean): string {
  if (violations.length > 0) return `The answer does not fit the schema: ${violations.map(violationText).join('; ')}.`;
  if (values > 1) return `The answer is not JSON: it holds ${values} values, and not exactly one of them fits.`;
  return `The answer is not JSON${cut ? ': it was cut at the limit of tokens' : ''}.`;
}

const shortened = (text: string, limit: number): string => (text.length > limit ? `${text.slice(0, limit)}…` : text);
