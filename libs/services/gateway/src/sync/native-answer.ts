import { metaOf, type JsonObject, type Json, type Meta } from '@headrace/contracts';
import type { AdmittedRequest } from '../accept/request-acceptor.js';
import type { EndedRequest } from '../cancel/request.canceller.js';
import { completionOf } from './whole-answer.js';

/** How an answer of `/v1/ai` is written: the provider's body alone, or with what is known of it. */
export const answerFormats = ['raw', 'wrapped'] as const;
export type AnswerFormat = (typeof answerFormats)[number];

/** A wrapped answer (CONTRACT section 1). */
export interface WrappedAnswer {
  readonly data: Json;
  readonly customer_data: JsonObject;
  readonly meta: Meta;
  readonly backups: readonly { readonly position: number; readonly provider: string; readonly model: string }[];
}

/** What `/v1/ai` answers, with status 200, when the AI did not. */
export interface FailedAnswer {
  readonly data: null;
  readonly customer_data: JsonObject;
  readonly error: { readonly message: string; readonly code: string; readonly details: JsonObject };
  readonly meta: Meta;
}

/** The body of `POST /v1/ai` for a request's end. */
export function nativeAnswer(
  { channel, accepted }: AdmittedRequest,
  end: EndedRequest,
  format: AnswerFormat,
): JsonObject | WrappedAnswer | FailedAnswer {
  const { context, generation } = end;
  if (end.status === 'failed') {
    return {
      data: null,
      customer_data: context.customerData,
      error: { message: end.message, code: end.code, details: end.details },
      meta: metaOf(context, generation, 'error'),
    };
  }
  if (format === 'raw') return completionOf(channel, end);
  const [, ...fallbacks] = accepted.plan.targets;
  return {
    data: end.output.data,
    customer_data: context.customerData,
    meta: metaOf(context, generation, 'success'),
    backups: fallbacks.map(({ provider, model }, index) => ({ position: index + 1, provider, model })),
  };
}
