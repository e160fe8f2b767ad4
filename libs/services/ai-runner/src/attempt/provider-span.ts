import type { GenerationTarget } from '@headrace/contracts';
import type { ProviderAnswer, ProviderError } from '@headrace/providers';
import { inSpan } from '@headrace/telemetry';
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';

/** How a provider call ended. */
export type CallOutcome = { readonly answer: ProviderAnswer } | { readonly error: ProviderError };

/**
 * A provider call as a span of OpenTelemetry's GenAI conventions. Neither prompts nor answers nor a provider's
 * words are recorded, only the numbers and codes of the call.
 */
export function inProviderSpan(
  { provider, model }: GenerationTarget,
  call: () => Promise<CallOutcome>,
): Promise<CallOutcome> {
  return inSpan(
    () => ({
      name: `chat ${model}`,
      kind: SpanKind.CLIENT,
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': provider,
        'gen_ai.request.model': model,
      },
    }),
    async () => {
      const outcome = await call();
      note(outcome);
      return outcome;
    },
  );
}

function note(outcome: CallOutcome): void {
  const span = trace.getActiveSpan();
  if (!span) return;
  if ('error' in outcome) {
    span.setAttribute('error.type', outcome.error.code);
    if (outcome.error.httpStatus !== null) span.setAttribute('http.response.status_code', outcome.error.httpStatus);
    span.setStatus({ code: SpanStatusCode.ERROR });
    return;
  }
  const { usage, finishReason } = outcome.answer;
  if (usage) {
    span.setAttribute('gen_ai.usage.input_tokens', usage.promptTokens);
    span.setAttribute('gen_ai.usage.output_tokens', usage.completionTokens);
  }
  if (finishReason !== null) span.setAttribute('gen_ai.response.finish_reasons', [finishReason]);
}
