import type { Json, SchemaViolation } from '@headrace/contracts';
import type { CompiledSchema, ProviderAnswer } from '@headrace/providers';

/** The parsed object of a structured answer, or why there is none: a sentence for people. */
export type StructuredAnswer = { readonly data: Json } | { readonly reason: string };

const longestReason = 1_000;
/** Models like to wrap JSON as if it were to be shown. */
const fenced = /^\s*```(?:json)?\s*\n([\s\S]*?)\n\s*```\s*$/;

/** Reads an answer that must be JSON of a schema. */
export function structuredAnswer({ content, finishReason }: ProviderAnswer, schema: CompiledSchema): StructuredAnswer {
  const text = content ?? '';
  let data: Json;
  try {
    data = JSON.parse(fenced.exec(text)?.[1] ?? text) as Json;
  } catch {
    const cut = finishReason === 'length' ? ': it was cut at the limit of tokens' : '';
    return { reason: `The answer is not JSON${cut}.` };
  }
  const violations = schema.violations(data);
  if (violations.length === 0) return { data };
  const reason = `The answer does not fit the schema: ${violations.map(sentence).join('; ')}.`;
  return { reason: reason.length > longestReason ? `${reason.slice(0, longestReason)}…` : reason };
}

const sentence = ({ path, message }: SchemaViolation): string => `${path === '' ? 'it' : path} ${message}`;
