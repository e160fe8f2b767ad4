import type { GenerationRequest, ProviderAnswer, ProviderError } from '@headrace/providers';
import { inSpan, metrics } from '@headrace/telemetry';
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { conventionalName } from './provider-name.js';
import { answerAttributes, requestAttributes } from './span-attributes.js';

/** How a provider call ended. */
export type CallOutcome = { readonly answer: ProviderAnswer } | { readonly error: ProviderError };

/** Nothing was called: how long that took says nothing about a provider. */
const notCalled: ReadonlySet<string> = new Set(['unknown_provider', 'missing_credentials']);

/**
 * Makes a provider call and tells of it by OpenTelemetry's GenAI conventions, as a span and in metrics. Neither prompts
 * nor answers nor a provider's words are recorded, only the numbers and codes of the call. `call` gets a function to be
 * called with each piece of a streamed answer.
 */
export async function observedCall(
  request: GenerationRequest,
  isStreamed: boolean,
  call: (noteChunk: () => void) => Promise<CallOutcome>,
): Promise<CallOutcome> {
  return inSpan(
    () => ({
      name: `chat ${request.model}`,
      kind: SpanKind.CLIENT,
      attributes: requestAttributes(request, isStreamed),
    }),
    async () => {
      const started = performance.now();
      let firstChunkSeconds: number | undefined;
      const outcome = await call(() => {
        firstChunkSeconds ??= (performance.now() - started) / 1_000;
      });
      measure(request, outcome, (performance.now() - started) / 1_000, firstChunkSeconds);
      note(outcome, firstChunkSeconds);
      return outcome;
    },
  );
}

function measure(
  { provider, model }: GenerationRequest,
  outcome: CallOutcome,
  seconds: number,
  firstChunkSeconds: number | undefined,
): void {
  const errorType = 'error' in outcome ? outcome.error.code : '';
  if (notCalled.has(errorType)) return;
  const name = conventionalName(provider);
  metrics.genAiOperationDuration.with('chat', name, model, errorType).observe(seconds);
  if (firstChunkSeconds !== undefined)
    metrics.genAiTimeToFirstChunk.with('chat', name, model).observe(firstChunkSeconds);
  const usage = 'answer' in outcome ? outcome.answer.usage : null;
  if (!usage) return;
  metrics.genAiTokenUsage.with('chat', name, model, 'input').observe(usage.promptTokens);
  metrics.genAiTokenUsage.with('chat', name, model, 'output').observe(usage.completionTokens);
}

function note(outcome: CallOutcome, firstChunkSeconds: number | undefined): void {
  const span = trace.getActiveSpan();
  if (!span) return;
  if (firstChunkSeconds !== undefined) span.setAttribute('gen_ai.response.time_to_first_chunk', firstChunkSeconds);
  if ('answer' in outcome) {
    span.setAttributes(answerAttributes(outcome.answer));
    return;
  }
  const { code, httpStatus } = outcome.error;
  span.setAttribute('error.type', code);
  if (httpStatus !== null) span.setAttribute('http.response.status_code', httpStatus);
  // Without a description: a provider's words may quote what it was asked.
  span.setStatus({ code: SpanStatusCode.ERROR });
}
