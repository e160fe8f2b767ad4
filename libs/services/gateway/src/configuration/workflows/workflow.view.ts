import type { WorkflowEntity, WorkflowVersionEntity } from '@headrace/project-store';
import { ApiProperty } from '@nestjs/swagger';
import { FallbackDto } from './workflow.dto.js';

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

/** A saved workflow, as it goes out. */
export class WorkflowView extends WorkflowDefinitionView {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ type: 'integer', description: 'Grows by one with each change.' })
  version: number;

  @ApiProperty({ format: 'date-time' })
  created_at: string;

  @ApiProperty({ format: 'date-time' })
  updated_at: string;
}

/** A workflow as it was after one change. */
export class WorkflowVersionView {
  @ApiProperty({ type: 'integer' })
  version: number;

  @ApiProperty({ type: WorkflowDefinitionView })
  workflow: WorkflowDefinitionView;

  @ApiProperty({ description: 'Who made the change: `key:<id>`, or a part of the system.' })
  actor: string;

  @ApiProperty({ format: 'date-time' })
  changed_at: string;
}

/** The history of a workflow. */
export class WorkflowHistoryView {
  @ApiProperty({ type: [WorkflowVersionView] })
  data: WorkflowVersionView[];
}

/** A workflow as it goes out. */
export const workflowView = (entity: WorkflowEntity): WorkflowView => ({
  id: entity.id,
  ...definitionView(entity),
  version: entity.version,
  created_at: entity.createdAt.toISOString(),
  updated_at: entity.updatedAt.toISOString(),
});

/** A version as it goes out. */
export const workflowVersionView = (entity: WorkflowVersionEntity): WorkflowVersionView => ({
  version: entity.number,
  workflow: definitionView(entity.definition),
  actor: entity.actor,
  changed_at: entity.changedAt.toISOString(),
});

function definitionView(workflow: WorkflowVersionEntity['definition']): WorkflowDefinitionView {
  return {
    name: workflow.name,
    description: workflow.description,
    provider: workflow.provider,
    model: workflow.model,
    fallbacks: workflow.fallbacks.map(({ provider, model, timeoutMs }) => ({ provider, model, timeout_ms: timeoutMs })),
    timeout_ms: workflow.timeoutMs,
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
