import type { WorkflowVersion } from '@headrace/project-store';
import { ApiProperty } from '@nestjs/swagger';
import { definitionView, WorkflowDefinitionView } from './workflow.view.js';

/** A workflow as it was after one change. */
export class WorkflowVersionView {
  @ApiProperty({ type: 'integer' })
  version: number;

  @ApiProperty({ type: WorkflowDefinitionView })
  workflow: WorkflowDefinitionView;

  @ApiProperty({ description: 'Who made the change: `key:<id>`, or a part of the system.' })
  actor: string;

  @ApiProperty({ type: 'integer', nullable: true, description: 'The version that a rollback brought back.' })
  restored_from: number | null;

  @ApiProperty({ format: 'date-time' })
  changed_at: string;
}

/** The history of a workflow. */
export class WorkflowHistoryView {
  @ApiProperty({ type: [WorkflowVersionView] })
  data: WorkflowVersionView[];

  @ApiProperty({ type: 'string', nullable: true, description: 'For cursor of the next page.' })
  next_cursor: string | null;
}

/** A version as it goes out. */
export const workflowVersionView = (version: WorkflowVersion): WorkflowVersionView => ({
  version: version.number,
  workflow: definitionView(version.definition),
  actor: version.actor,
  restored_from: version.restoredFrom,
  changed_at: version.changedAt.toISOString(),
});

/** A page of a history: `versions` may hold one more than the page, which tells that another follows. */
export function workflowHistoryView(versions: readonly WorkflowVersion[], limit: number): WorkflowHistoryView {
  const page = versions.slice(0, limit);
  const last = page.at(-1);
  return {
    data: page.map(workflowVersionView),
    next_cursor: versions.length > limit && last ? String(last.number) : null,
  };
}
