import type {
  ChatMessage,
  DataOf,
  EnvironmentTag,
  GenerationPlan,
  requestAccepted,
  RequestContext,
} from '@headrace/contracts';
import { customerDataOf, planOfWorkflow, waitOfWorkflow, type PlannedWorkflow } from '@headrace/domain';
import { ApiError } from '@headrace/http';
import { workflowDefaults, type ProjectConfiguration, type Workflow } from '@headrace/project-store';
import type { GatewaySettings } from '../gateway.config.js';
import type { AsyncRequestDto } from './async-request.dto.js';
import { inlineStructuredOutput } from './inline-schema.js';
import { providerParameters } from './provider-parameters.js';

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
      ...waitFor(body, workflow, defaults),
      customerData: customerDataOf(body, workflow?.cacheFields ?? []),
      environment,
      testMode,
      acceptedAt,
      webhookUrl: body.webhook_url ?? null,
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

/** Who is waited for when the AI has answered, and for how long. */
function waitFor(body: AsyncRequestDto, workflow: Workflow | undefined, defaults: GatewaySettings) {
  const asked = body.events?.[0] ?? null;
  if (workflow) return waitOfWorkflow({ ...workflow, eventName: workflow.eventName ?? asked });
  return {
    workflow: `${body.provider}/${body.model}`,
    eventName: asked,
    callbackWindowMs: defaults.defaultCallbackTimeoutSeconds * 1_000,
  };
}

/** How a request waits for its generation and how that is told; what a reader takes for granted is left out. */
function waitingOf(
  body: AsyncRequestDto,
  workflow: Workflow | undefined,
  acceptedAt: string,
): Pick<RequestContext, 'stream' | 'priority' | 'expiresAt'> {
  const stream = body.stream ?? workflow?.stream ?? null;
  const priority = body.priority ?? workflow?.priority ?? 'normal';
  const seconds = body.expires_after_seconds ?? workflow?.expiresAfterSeconds ?? null;
  return {
    ...(stream !== null && { stream }),
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
  const base = workflow ?? withoutWorkflow(body, defaults);
  return planOfWorkflow({
    ...base,
    parameters,
    structuredOutput: inline ?? base.structuredOutput,
    testDelayMs: testMode ? base.testDelayMs : 0,
  });
}

/** A request without a workflow is answered as by one that says no more than it does. */
const withoutWorkflow = ({ provider, model }: AsyncRequestDto, defaults: GatewaySettings): PlannedWorkflow => ({
  ...workflowDefaults,
  provider: provider ?? '',
  model: model ?? '',
  timeoutMs: defaults.defaultProviderTimeoutMs,
  structuredOutput: null,
  parameters: {},
});
