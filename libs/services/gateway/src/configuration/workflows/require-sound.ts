import { invalidFields } from '@headrace/http';
import type { WorkflowCheck } from '@headrace/project-store';
import { workflowFindings, type Credentials } from './workflow.findings.js';

/** The check of workflows before they are saved: throws an answer that names every field with an error. */
export const soundWith =
  (credentials: Credentials): WorkflowCheck =>
  (workflow) => {
    const errors = workflowFindings(workflow, credentials).filter(({ severity }) => severity === 'error');
    if (errors.length === 0) return;
    throw invalidFields(errors.map(({ code: _code, severity: _severity, ...detail }) => detail));
  };
