import { requestPriorities, type RequestPriority } from '@headrace/contracts';
import type { WorkflowDefinition, WorkflowEntity, WorkflowRetry } from '@headrace/project-store';
import { ApiProperty } from '@nestjs/swagger';
import { FallbackDto, WorkflowRetryDto } from './workflow.dto.js';
import { findingCodes, workflowFindings, type FindingContext, type Finding } from './workflow.findings.js';

/** What a workflow is, as it goes out. */
export class WorkflowDefinitionView {
  @ApiProperty()
  name: string;

  @ApiProperty({ type: 'string', nullable: true })
  description: string | null;

  @ApiProperty()
  provider: string;

  @ApiProperty()
  model: string;

  @ApiProperty({ type: [FallbackDto] })
  fallbacks: FallbackDto[];

  @ApiProperty({ type: 'integer' })
  timeout_ms: number;

  @ApiProperty({ type: WorkflowRetryDto, nullable: true })
  retry: Required<WorkflowRetryDto> | null;

  @ApiProperty({ type: 'integer' })
  repair_attempts: number;

  @ApiProperty({ type: 'integer', nullable: true })
  max_concurrent: number | null;

  @ApiProperty({ enum: requestPriorities })
  priority: RequestPriority;

  @ApiProperty({ type: 'integer', nullable: true })
  expires_after_seconds: number | null;

  @ApiProperty({ type: 'integer', nullable: true })
  cache_seconds: number | null;

  @ApiProperty({ type: 'boolean', nullable: true })
  stream: boolean | null;

  @ApiProperty({ type: 'integer' })
  max_tool_rounds: number;

  @ApiProperty({ oneOf: [{ type: 'integer' }, { type: 'array', items: { type: 'integer' } }], nullable: true })
  reminder_seconds: number | readonly number[] | null;

  @ApiProperty({ type: 'string', nullable: true })
  system_instructions: string | null;

  @ApiProperty({ type: 'string', format: 'uuid', nullable: true })
  structured_output_id: string | null;

  @ApiProperty({ type: [String] })
  cache_fields: string[];

  @ApiProperty({ type: 'string', nullable: true })
  event_name: string | null;

  @ApiProperty({ type: 'integer', description: 'Seconds.' })
  callback_timeout: number;

  @ApiProperty({ type: 'integer', description: 'The same.' })
  callback_timeout_seconds: number;

  @ApiProperty({ enum: ['production', 'testing'] })
  mode: string;

  @ApiProperty({ type: 'integer' })
  test_delay_ms: number;

  @ApiProperty()
  offline_fallback: boolean;

  @ApiProperty({ type: 'object', additionalProperties: true })
  parameters: object;
}

/** Something of a workflow that works in a way that may not be meant. */
export class WorkflowWarningView {
  @ApiProperty({ enum: findingCodes })
  code: string;

  @ApiProperty({ description: 'The field that it is about.' })
  param: string;

  @ApiProperty()
  message: string;
}

/** A saved workflow, as it goes out. */
export class WorkflowView extends WorkflowDefinitionView {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ type: 'integer', description: 'Grows by one with each change.' })
  version: number;

  @ApiProperty({ type: [WorkflowWarningView], description: 'Nothing of it kept the workflow from being saved.' })
  warnings: WorkflowWarningView[];

  @ApiProperty({ format: 'date-time' })
  created_at: string;

  @ApiProperty({ format: 'date-time' })
  updated_at: string;
}

/** A workflow as it goes out, with what there is to say of it, and of the body that it was saved by. */
export const workflowView = (
  entity: WorkflowEntity,
  context: FindingContext,
  ofBody: readonly Finding[] = [],
): WorkflowView => ({
  id: entity.id,
  ...definitionView(entity),
  version: entity.version,
  warnings: [...ofBody, ...workflowFindings(entity, context)].map(({ code, param, message }) => ({
    ...{ code, param, message },
  })),
  created_at: entity.createdAt.toISOString(),
  updated_at: entity.updatedAt.toISOString(),
});

/** What a workflow is, in the words of the wire. */
export function definitionView(workflow: WorkflowDefinition): WorkflowDefinitionView {
  return {
    name: workflow.name,
    description: workflow.description,
    provider: workflow.provider,
    model: workflow.model,
    fallbacks: workflow.fallbacks.map(({ provider, model, timeoutMs }) => ({ provider, model, timeout_ms: timeoutMs })),
    timeout_ms: workflow.timeoutMs,
    retry: retryView(workflow.retry),
    repair_attempts: workflow.repairAttempts,
    max_concurrent: workflow.maxConcurrent,
    priority: workflow.priority,
    expires_after_seconds: workflow.expiresAfterSeconds,
    cache_seconds: workflow.cacheSeconds,
    stream: workflow.stream,
    max_tool_rounds: workflow.maxToolRounds,
    reminder_seconds: workflow.reminderSeconds,
    system_instructions: workflow.systemInstructions,
    structured_output_id: workflow.structuredOutputId,
    cache_fields: workflow.cacheFields,
    event_name: workflow.eventName,
    callback_timeout: workflow.callbackTimeoutSeconds,
    callback_timeout_seconds: workflow.callbackTimeoutSeconds,
    mode: workflow.mode,
    test_delay_ms: workflow.testDelayMs,
    offline_fallback: workflow.offlineFallback,
    parameters: workflow.parameters,
  };
}

function retryView(retry: WorkflowRetry | null): Required<WorkflowRetryDto> | null {
  if (retry === null) return null;
  const { attempts, initialSeconds, factor, maxSeconds } = retry;
  return { attempts, initial_seconds: initialSeconds, factor, max_seconds: maxSeconds };
}
