import type { JsonObject } from '@headrace/contracts';
import type { WorkflowVersion } from '@headrace/project-store';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { jsonChanges, type JsonChange } from './json-changes.js';
import { definitionView } from './workflow.view.js';

/** One place in which two versions differ; documents `JsonChange`. */
export class WorkflowChangeView {
  @ApiProperty({ example: '/fallbacks/0/model', description: 'JSON Pointer into the workflow.' })
  path: string;

  @ApiPropertyOptional({ oneOf: [{}], description: 'Left out where there was nothing.' })
  from?: unknown;

  @ApiPropertyOptional({ oneOf: [{}], description: 'Left out where nothing is any more.' })
  to?: unknown;
}

/** What became of a workflow between two versions. */
export class WorkflowDiffView {
  @ApiProperty({ type: 'integer' })
  from: number;

  @ApiProperty({ type: 'integer' })
  to: number;

  @ApiProperty({ type: [WorkflowChangeView] })
  changes: readonly JsonChange[];
}

/** The difference between two versions of a workflow. */
export const workflowDiffView = (from: WorkflowVersion, to: WorkflowVersion): WorkflowDiffView => ({
  from: from.number,
  to: to.number,
  changes: jsonChanges(comparable(from), comparable(to)),
});

/** A field that stands there under two names is told once. */
function comparable({ definition }: WorkflowVersion): JsonObject {
  const { callback_timeout: _same, ...workflow } = definitionView(definition);
  return { ...workflow } as unknown as JsonObject;
}
