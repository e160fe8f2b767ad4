import { invalidFields } from '@headrace/http';
import type { WorkflowCheck } from '@headrace/project-store';
import { workflowFindings, type FindingContext } from './workflow.findings.js';

/** The check of workflows before they are saved: throws an answer that names every field with an error. */
export const soundBy =
  (context: FindingContext): WorkflowCheck =>
  (workflow) => {
    const errors = workflowFindings(workflow, context).filter(({ severity }) => severity === 'error');
    if (errors.length === 0) return;
    throw invalidFields(errors.map(({ code: _code, severity: _severity, ...detail }) => detail));
  };
