import type { GenerationSummary, JsonObject, RequestContext, RequestEvent } from '@headrace/contracts';
import { neverReached } from '../decider.js';
import { withEarlier } from '../request/request.progress.js';
import { generationOf } from './request-entries.js';

/** One request as a row of the read model. A later event's row replaces an earlier one's. */
export interface RequestSummary {
  readonly state: 'accepted' | 'generated' | 'completed' | 'failed';
  readonly workflow: string;
  /** Null for a request without a saved workflow, and for one from before versions were noted. */
  readonly workflowVersion: number | null;
  readonly eventName: string | null;
  readonly environment: string;
  readonly testMode: boolean;
  /** Null while no provider has answered and the plan is not told. */
  readonly provider: string | null;
  readonly model: string | null;
  readonly promptTokens: number | null;
  readonly completionTokens: number | null;
  readonly costUsd: number | null;
  /** How long the AI took, in milliseconds; like tokens and cost over all rounds of a request that was continued. */
  readonly durationMs: number | null;
  readonly offlineFallback: boolean;
  readonly failureCode: string | null;
  readonly failureMessage: string | null;
  readonly customerData: JsonObject;
  readonly acceptedAt: string;
  /** Only the event that says it carries it; a later row must keep it. */
  readonly generatedAt: string | null;
  readonly endedAt: string | null;
}

/** The row after an event; each decision event alone tells all of it but `generatedAt`. */
export function requestSummaryOf(event: RequestEvent): RequestSummary {
  const { context } = event.data;
  const generation = generationOf(event);
  const spent = spentAfter(context, generation);
  const target = 'plan' in event.data ? event.data.plan.targets[0] : undefined;
  const failed = event.type === 'request.failed' ? event.data : undefined;
  return {
    state: stateAfter(event),
    workflow: context.workflow,
    workflowVersion: context.workflowVersion ?? null,
    eventName: context.eventName,
    environment: context.environment,
    testMode: context.testMode,
    provider: generation?.usedProvider ?? target?.provider ?? null,
    model: generation?.usedModel ?? target?.model ?? null,
    ...spent,
    offlineFallback: generation?.offlineFallback ?? false,
    failureCode: failed?.code ?? null,
    failureMessage: failed?.message ?? null,
    customerData: context.customerData,
    acceptedAt: context.acceptedAt,
    generatedAt: event.type === 'request.generated' ? event.data.generatedAt : null,
    endedAt: endOf(event),
  };
}

type Spent = Pick<RequestSummary, 'promptTokens' | 'completionTokens' | 'costUsd' | 'durationMs'>;

/** What all answers of the request have cost so far; null as long as nothing is known. */
function spentAfter({ progress }: RequestContext, generation: GenerationSummary | null): Spent {
  if (progress) return generation ? withEarlier(generation, progress.earlier) : progress.earlier;
  return {
    promptTokens: generation?.usage?.promptTokens ?? null,
    completionTokens: generation?.usage?.completionTokens ?? null,
    costUsd: generation?.costUsd ?? null,
    durationMs: generation?.durationMs ?? null,
  };
}

function stateAfter(event: RequestEvent): RequestSummary['state'] {
  switch (event.type) {
    case 'request.accepted':
    case 'request.continued':
      return 'accepted';
    case 'request.generated':
      return 'generated';
    case 'request.completed':
      return 'completed';
    case 'request.failed':
      return 'failed';
    default:
      return neverReached(event);
  }
}

function endOf(event: RequestEvent): string | null {
  switch (event.type) {
    case 'request.accepted':
    case 'request.generated':
    case 'request.continued':
      return null;
    case 'request.completed':
      return event.data.completedAt;
    case 'request.failed':
      return event.data.failedAt;
    default:
      return neverReached(event);
  }
}
