import type { GenerationSummary, RequestEvent } from '@headrace/contracts';
import type { RequestEntry, TimelineError } from './timeline-entry.js';
import { ofType, type KnownEvent, type KnownEventOf } from './timeline-event.js';

/** The decision events of a request, in log order. */
export const requestEvents = (events: readonly KnownEvent[]): KnownEventOf<RequestEvent['type']>[] =>
  ofType(events, 'request.accepted', 'request.continued', 'request.generated', 'request.completed', 'request.failed');

const colors = { pending: 'gray', success: 'green', error: 'red', cancelled: 'gray' } as const;

/** The call of the AI in one round; undefined when no request event is there. */
export function requestEntry(events: readonly KnownEvent[]): RequestEntry | undefined {
  const decisions = requestEvents(events);
  const last = decisions.at(-1);
  if (!last) return undefined;
  const { context } = last.data;
  const [asked] = ofType(decisions, 'request.accepted', 'request.continued');
  const target = asked?.data.plan.targets[0];
  const generation = generationOf(last);
  const output = 'output' in last.data ? last.data.output : null;
  const error = failureOfGeneration(last);
  const status = error ? failureStatus(error) : output ? 'success' : 'pending';
  return {
    kind: 'request',
    status,
    color: colors[status],
    at: asked?.type === 'request.continued' ? asked.data.continuedAt : context.acceptedAt,
    duration_ms: generation?.durationMs ?? null,
    workflow: context.workflow,
    workflow_version: context.workflowVersion ?? null,
    round: context.progress?.round ?? 0,
    stage: context.progress?.stage ?? 1,
    event_name: context.eventName,
    environment: context.environment,
    test_mode: context.testMode,
    provider: generation?.usedProvider ?? target?.provider ?? '',
    model: generation?.usedModel ?? target?.model ?? '',
    http_status: generation?.httpStatus ?? null,
    tokens: tokensOf(generation),
    cost_usd: generation?.costUsd ?? null,
    structured_output: generation?.structuredOutput ?? false,
    offline_fallback: generation?.offlineFallback ?? false,
    order_changed: generation?.attempts.find(({ outOfTurn }) => outOfTurn !== undefined)?.outOfTurn ?? null,
    error,
    messages: asked?.data.messages ?? null,
    output: output?.data ?? null,
  };
}

/** How the answer came about, as far as a decision event tells it. */
export function generationOf(event: RequestEvent | undefined): GenerationSummary | null {
  return event !== undefined && 'generation' in event.data ? event.data.generation : null;
}

/** A failure after the AI's answer, such as a callback that never came, is not one of the AI's. */
function failureOfGeneration(event: RequestEvent): TimelineError | null {
  if (event.type !== 'request.failed') return null;
  if (event.data.output !== null && event.data.code !== 'tool_rounds_exceeded') return null;
  return { code: event.data.code, message: event.data.message };
}

const failureStatus = ({ code }: TimelineError) => (code === 'cancelled' ? 'cancelled' : 'error');

function tokensOf(generation: GenerationSummary | null): RequestEntry['tokens'] {
  if (!generation?.usage) return null;
  const { promptTokens: prompt, completionTokens: completion } = generation.usage;
  return { prompt, completion, total: prompt + completion };
}
