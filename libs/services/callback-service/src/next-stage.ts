import { customerDataOf, planOfWorkflow, waitOfWorkflow, type NextStage } from '@headrace/domain';
import type { ProjectConfiguration } from '@headrace/project-store';
import type { ContinueBody } from './continue-body.js';

/**
 * The workflow that a callback goes on with, as the project's configuration has it now; undefined when the project has
 * none of that name.
 */
export function nextStageOf(project: ProjectConfiguration, goOn: ContinueBody): NextStage | undefined {
  const workflow = project.workflows.get(goOn.workflow);
  if (!workflow) return undefined;
  return {
    context: {
      ...waitOfWorkflow(workflow),
      customerData: customerDataOf(goOn, workflow.cacheFields),
      testMode: workflow.mode === 'testing',
      ...(workflow.stream !== null && { stream: workflow.stream }),
    },
    plan: planOfWorkflow(workflow),
    messages: goOn.messages,
  };
}
