import type { GenerationPlan, GenerationRetry, Json, JsonObject, RequestContext } from '@headrace/contracts';
import { usualToolRounds } from './request.progress.js';

/** What matters of a workflow when a request is answered by it. Durations in milliseconds and seconds, as named. */
export interface PlannedWorkflow {
  readonly provider: string;
  readonly model: string;
  readonly timeoutMs: number;
  /** Null: the time limit of the primary. */
  readonly fallbacks: readonly {
    readonly provider: string;
    readonly model: string;
    readonly timeoutMs: number | null;
  }[];
  readonly retry: {
    readonly attempts: number;
    readonly initialSeconds: number;
    readonly factor: number;
    readonly maxSeconds: number;
  } | null;
  readonly repairAttempts: number;
  readonly maxConcurrent: number | null;
  readonly cacheSeconds: number | null;
  readonly maxToolRounds: number;
  readonly systemInstructions: string | null;
  readonly structuredOutput: {
    readonly name: string;
    readonly schema: JsonObject;
    readonly sampleData: Json | null;
  } | null;
  readonly parameters: JsonObject;
  readonly offlineFallback: boolean;
  readonly testDelayMs: number;
}

/** How a workflow answers, with its own parameters and structured output; what a reader takes for granted is left out. */
export function planOfWorkflow(workflow: PlannedWorkflow): GenerationPlan {
  const { provider, model, timeoutMs, fallbacks, structuredOutput: saved, retry } = workflow;
  const { repairAttempts, maxConcurrent, cacheSeconds, maxToolRounds } = workflow;
  return {
    targets: [
      { provider, model, timeoutMs },
      ...fallbacks.map((fallback) => ({ ...fallback, timeoutMs: fallback.timeoutMs ?? timeoutMs })),
    ],
    systemInstructions: workflow.systemInstructions,
    structuredOutput: saved && { name: saved.name, schema: saved.schema, sampleData: saved.sampleData },
    parameters: workflow.parameters,
    offlineFallback: workflow.offlineFallback,
    testDelayMs: workflow.testDelayMs,
    ...(retry && { retry: retryOf(retry) }),
    ...(saved && repairAttempts > 0 && { repairs: repairAttempts }),
    ...(maxConcurrent !== null && { maxConcurrent }),
    ...(cacheSeconds !== null && { cacheSeconds }),
    ...(maxToolRounds !== usualToolRounds && { maxToolRounds }),
  };
}

const retryOf = ({
  attempts,
  initialSeconds,
  factor,
  maxSeconds,
}: NonNullable<PlannedWorkflow['retry']>): GenerationRetry => ({
  attempts,
  initialMs: Math.round(initialSeconds * 1_000),
  factor,
  maxMs: Math.round(maxSeconds * 1_000),
});

/** What matters of a workflow while a request waits for the backend. */
export interface AwaitingWorkflow {
  readonly name: string;
  readonly version: number;
  readonly eventName: string | null;
  readonly callbackTimeoutSeconds: number;
  readonly reminderSeconds: number | readonly number[] | null;
}

/** What a workflow says of the wait for its callback. */
export function waitOfWorkflow({
  name,
  version,
  eventName,
  callbackTimeoutSeconds,
  reminderSeconds,
}: AwaitingWorkflow): Pick<
  RequestContext,
  'workflow' | 'workflowVersion' | 'eventName' | 'callbackWindowMs' | 'reminderMs'
> {
  return {
    workflow: name,
    workflowVersion: version,
    eventName,
    callbackWindowMs: callbackTimeoutSeconds * 1_000,
    ...(eventName !== null && reminderSeconds !== null && { reminderMs: inMilliseconds(reminderSeconds) }),
  };
}

const inMilliseconds = (seconds: number | readonly number[]): number | number[] =>
  typeof seconds === 'number' ? seconds * 1_000 : seconds.map((each) => each * 1_000);
