import { unknownFields } from '@headrace/http';
import type { WorkflowFieldsDto } from './workflow.dto.js';
import type { Finding } from './workflow.findings.js';

/** Fields of an answer that shows a workflow: whoever reads one, changes it and sends it back means nothing by them. */
const shown = new Set(['id', 'version', 'warnings', 'created_at', 'updated_at']);

/** Fields of a body that say nothing: a name that is spelled wrong should not pass for a setting. */
export const unknownFieldFindings = (body: WorkflowFieldsDto): Finding[] =>
  unknownFields(body)
    .filter((param) => !shown.has(param))
    .map((param) => ({
      ...{ code: 'unknown_field', severity: 'warning', param },
      message: `${param}: a workflow has no field of this name, so it was left out. Correct it, or take it away.`,
    }));
