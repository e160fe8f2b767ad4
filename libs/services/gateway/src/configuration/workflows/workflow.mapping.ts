import { workflowDefaults, type WorkflowDefinition, type WorkflowRetry } from '@headrace/project-store';
import type { WorkflowChangesDto, WorkflowRetryDto } from './workflow.dto.js';

/** What a body says of a workflow: left out stays undefined, null becomes the default. */
export function workflowChangesOf(dto: WorkflowChangesDto): Partial<WorkflowDefinition> {
  const fallbacks = dto.fallbacks?.map(({ provider, model, timeout_ms }) => ({
    provider,
    model,
    timeoutMs: timeout_ms ?? null,
  }));
  return {
    name: dto.name,
    provider: dto.provider,
    model: dto.model,
    description: orDefault(dto.description, 'description'),
    fallbacks: orDefault(dto.fallbacks && fallbacks, 'fallbacks'),
    timeoutMs: orDefault(dto.timeout_ms, 'timeoutMs'),
    retry: orDefault(dto.retry && retryOf(dto.retry), 'retry'),
    repairAttempts: orDefault(dto.repair_attempts, 'repairAttempts'),
    maxConcurrent: orDefault(dto.max_concurrent, 'maxConcurrent'),
    priority: orDefault(dto.priority, 'priority'),
    expiresAfterSeconds: orDefault(dto.expires_after_seconds, 'expiresAfterSeconds'),
    cacheSeconds: orDefault(dto.cache_seconds, 'cacheSeconds'),
    stream: orDefault(dto.stream, 'stream'),
    maxToolRounds: orDefault(dto.max_tool_rounds, 'maxToolRounds'),
    reminderSeconds: orDefault(dto.reminder_seconds, 'reminderSeconds'),
    systemInstructions: orDefault(dto.system_instructions, 'systemInstructions'),
    structuredOutputId: orDefault(dto.structured_output_id, 'structuredOutputId'),
    cacheFields: orDefault(dto.cache_fields, 'cacheFields'),
    eventName: orDefault(dto.event_name, 'eventName'),
    callbackTimeoutSeconds: orDefault(
      dto.callback_timeout_seconds === undefined ? dto.callback_timeout : dto.callback_timeout_seconds,
      'callbackTimeoutSeconds',
    ),
    mode: orDefault(dto.mode, 'mode'),
    testDelayMs: orDefault(dto.test_delay_ms, 'testDelayMs'),
    offlineFallback: orDefault(dto.offline_fallback, 'offlineFallback'),
    parameters: orDefault(dto.parameters, 'parameters'),
  };
}

/** Waits as most providers' own clients make them, where nothing else is said. */
const retryOf = ({ attempts, initial_seconds, factor, max_seconds }: WorkflowRetryDto): WorkflowRetry => ({
  attempts,
  initialSeconds: initial_seconds ?? 1,
  factor: factor ?? 2,
  maxSeconds: max_seconds ?? Math.max(30, initial_seconds ?? 0),
});

function orDefault<Field extends keyof typeof workflowDefaults>(
  value: WorkflowDefinition[Field] | null | undefined,
  field: Field,
): WorkflowDefinition[Field] | undefined {
  return value === null ? workflowDefaults[field] : value;
}
