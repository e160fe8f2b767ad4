import type {
  ChatMessage,
  DataOf,
  EnvironmentTag,
  GenerationPlan,
  GenerationRetry,
  requestAccepted,
  RequestContext,
} from '@headrace/contracts';
import { ApiError } from '@headrace/http';
import {
  workflowDefaults,
  type ProjectConfiguration,
  type Workflow,
  type WorkflowRetry,
} from '@headrace/project-store';
import type { GatewaySettings } from '../gateway.config.js';
import type { AsyncRequestDto } from './async-request.dto.js';
import { customerDataOf } from './customer-data.js';
import { inlineStructuredOutput } from './inline-schema.js';
import { providerParameters } from './provider-parameters.js';

type Limits = Pick<Workflow, 'retry' | 'repairAttempts' | 'maxConcurrent' | 'cacheSeconds'>;

/** What is recorded of a request when it is accepted. */
export type AcceptedRequest = DataOf<typeof requestAccepted>;

/**
 * Makes a valid body and the project's configuration into all that the rest of a request's life needs; later edits
 * of the workflow do not change it. Throws `model_not_found` when the project has no workflow of that name.
 */
export function resolveRequest(
  body: AsyncRequestDto,
  project: ProjectConfiguration,
  defaults: GatewaySettings,
  acceptedAt: string,
): AcceptedRequest {
  const workflow = namedWorkflow(body.workflow, project);
  const testMode = body.test_mode === true || workflow?.mode === 'testing';
  const environment: EnvironmentTag = testMode ? 'test' : 'live';
  return {
    context: {
      workflow: workflow?.name ?? `${body.provider}/${body.model}`,
      eventName: workflow?.eventName ?? body.events?.[0] ?? null,
      customerData: customerDataOf(body, workflow?.cacheFields ?? []),
      environment,
      testMode,
      acceptedAt,
      callbackWindowMs: (workflow?.callbackTimeoutSeconds ?? defaults.defaultCallbackTimeoutSeconds) * 1_000,
      webhookUrl: body.webhook_url ?? null,
      ...(workflow && { workflowVersion: workflow.version }),
      ...waitingOf(body, workflow, acceptedAt),
    },
    plan: planOf(body, workflow, defaults, testMode),
    messages: body.messages as ChatMessage[],
  };
}

function namedWorkflow(name: string | null | undefined, project: ProjectConfiguration): Workflow | undefined {
  if (name === undefined || name === null) return undefined;
  const workflow = project.workflows.get(name);
  if (workflow) return workflow;
  throw new ApiError('model_not_found', `There is no workflow "${name}". Create it, or name one that exists.`, {
    details: [{ param: 'workflow', message: `The project has no workflow "${name}".` }],
  });
}

/** How a request waits for its generation and how that is told; what a reader takes for granted is left out. */
function waitingOf(
  body: AsyncRequestDto,
  workflow: Workflow | undefined,
  acceptedAt: string,
): Pick<RequestContext, 'stream' | 'priority' | 'expiresAt'> {
  const stream = body.stream ?? workflow?.stream ?? false;
  const priority = body.priority ?? workflow?.priority ?? 'normal';
  const seconds = body.expires_after_seconds ?? workflow?.expiresAfterSeconds ?? null;
  return {
    ...(stream && { stream }),
    ...(priority !== 'normal' && { priority }),
    ...(seconds !== null && { expiresAt: new Date(Date.parse(acceptedAt) + seconds * 1_000).toISOString() }),
  };
}

function planOf(
  body: AsyncRequestDto,
  workflow: Workflow | undefined,
  defaults: GatewaySettings,
  testMode: boolean,
): GenerationPlan {
  const inline = inlineStructuredOutput(body);
  const parameters = providerParameters(body, workflow?.parameters ?? {});
  // A format without a schema (text, json_object) is a parameter like others.
  if (!inline && body.response_format) parameters.response_format = body.response_format;
  const structuredOutput = inline ?? savedStructuredOutput(workflow);
  return {
    targets: targetsOf(body, workflow, defaults),
    systemInstructions: workflow?.systemInstructions ?? null,
    structuredOutput,
    parameters,
    offlineFallback: workflow?.offlineFallback ?? false,
    testDelayMs: testMode ? (workflow?.testDelayMs ?? 0) : 0,
    ...limitsOf(workflow ?? workflowDefaults, structuredOutput !== null),
  };
}

/** How hard is tried, and how much at once; what a reader takes for granted is left out. */
function limitsOf(
  { retry, repairAttempts, maxConcurrent, cacheSeconds }: Limits,
  isStructured: boolean,
): Pick<GenerationPlan, 'retry' | 'repairs' | 'maxConcurrent' | 'cacheSeconds'> {
  return {
    ...(retry && { retry: retryOf(retry) }),
    ...(isStructured && repairAttempts > 0 && { repairs: repairAttempts }),
    ...(maxConcurrent !== null && { maxConcurrent }),
    ...(cacheSeconds !== null && { cacheSeconds }),
  };
}

const retryOf = ({ attempts, initialSeconds, factor, maxSeconds }: WorkflowRetry): GenerationRetry => ({
  attempts,
  initialMs: Math.round(initialSeconds * 1_000),
  factor,
  maxMs: Math.round(maxSeconds * 1_000),
});

function targetsOf(
  { provider, model }: AsyncRequestDto,
  workflow: Workflow | undefined,
  defaults: GatewaySettings,
): GenerationPlan['targets'] {
  if (!workflow) {
    return [{ provider: provider ?? '', model: model ?? '', timeoutMs: defaults.defaultProviderTimeoutMs }];
  }
  const { timeoutMs, fallbacks } = workflow;
  return [
    { provider: workflow.provider, model: workflow.model, timeoutMs },
    ...fallbacks.map((fallback) => ({ ...fallback, timeoutMs: fallback.timeoutMs ?? timeoutMs })),
  ];
}

function savedStructuredOutput(workflow: Workflow | undefined): GenerationPlan['structuredOutput'] {
  const saved = workflow?.structuredOutput;
  return saved ? { name: saved.name, schema: saved.schema, sampleData: saved.sampleData } : null;
}
