import { workflowDefaults, type WorkflowDefinition } from '@headrace/project-store';
import type { WorkflowChangesDto } from './workflow.dto.js';

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

function orDefault<Field extends keyof typeof workflowDefaults>(
  value: WorkflowDefinition[Field] | null | undefined,
  field: Field,
): WorkflowDefinition[Field] | undefined {
  return value === null ? workflowDefaults[field] : value;
}
