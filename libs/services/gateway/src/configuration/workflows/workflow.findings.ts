import type { ErrorDetail, JsonObject } from '@headrace/contracts';
import type { ProjectConfiguration, WorkflowDefinition } from '@headrace/project-store';
import type { ProviderCatalogue } from '@headrace/providers';
import { parameterFindings } from './parameter.findings.js';

/** What may be wrong with a workflow, for programs. */
export const findingCodes = [
  'unknown_provider',
  'missing_credentials',
  'unsupported_parameter',
  'contradiction',
  'repeated_target',
  'unknown_field',
] as const;

/** Something that is wrong with a workflow, or may be. */
export interface Finding extends ErrorDetail {
  readonly code: (typeof findingCodes)[number];
  /** An error keeps it from being saved; a warning is told with it. */
  readonly severity: 'error' | 'warning';
}

/** One provider and model of a workflow, and the path of the field that it stands in. */
export interface NamedTarget {
  readonly provider: string;
  readonly model: string;
  readonly path: string;
}

/** What a workflow is judged by. */
export interface FindingContext {
  readonly catalogue: ProviderCatalogue;
  /** Access to providers that the project has. */
  readonly credentials: ProjectConfiguration['credentials'];
}

/**
 * Everything that can be said of a workflow without running it. What can never work is an error. What lacks something
 * that is not the workflow's own (credentials), or works for one of its providers and not for another, is a warning.
 */
export function workflowFindings(workflow: WorkflowDefinition, context: FindingContext): Finding[] {
  const targets = targetsOf(workflow);
  return [
    ...targets.flatMap((target, index) => targetFindings(target, targets.slice(0, index), context)),
    ...retryFindings(workflow),
    ...reminderFindings(workflow),
    ...parameterFindings(workflow.parameters as JsonObject, targets, {
      catalogue: context.catalogue,
      hasStructuredOutput: workflow.structuredOutputId !== null,
    }),
  ];
}

const targetsOf = ({ provider, model, fallbacks }: WorkflowDefinition): NamedTarget[] => [
  { provider, model, path: '' },
  ...fallbacks.map((fallback, index) => ({ ...fallback, path: `fallbacks.${index}.` })),
];

function targetFindings(
  target: NamedTarget,
  before: readonly NamedTarget[],
  { catalogue, credentials }: FindingContext,
): Finding[] {
  const { provider, model, path } = target;
  const param = `${path}provider`;
  const unknown = catalogue.unknownProvider(provider, credentials);
  if (unknown !== undefined) {
    return [{ code: 'unknown_provider', severity: 'error', param, message: `${param}: ${unknown}` }];
  }
  const findings: Finding[] = [];
  if (catalogue.lacksCredentials(provider, credentials)) {
    const message = `Provider credentials not configured: store them for ${provider}, or every call of it fails.`;
    findings.push({ code: 'missing_credentials', severity: 'warning', param, message });
  }
  if (before.some((other) => other.provider === provider && other.model === model)) {
    const message = `${path}model: ${model} of ${provider} is tried before already. To try it again, set retry.`;
    findings.push({ code: 'repeated_target', severity: 'warning', param: `${path}model`, message });
  }
  return findings;
}

function retryFindings({ retry }: WorkflowDefinition): Finding[] {
  if (retry === null || retry.maxSeconds >= retry.initialSeconds) return [];
  const param = 'retry.max_seconds';
  const message = `${param} is ${retry.maxSeconds}, less than retry.initial_seconds: the first wait would be too long.`;
  return [{ code: 'contradiction', severity: 'error', param, message }];
}

function reminderFindings({ reminderSeconds, callbackTimeoutSeconds }: WorkflowDefinition): Finding[] {
  if (reminderSeconds === null) return [];
  const first = typeof reminderSeconds === 'number' ? reminderSeconds : Math.min(...reminderSeconds);
  if (first < callbackTimeoutSeconds) return [];
  const message = `reminder_seconds: nobody is reminded, since the callback's time ends after ${callbackTimeoutSeconds} s.`;
  return [{ code: 'contradiction', severity: 'warning', param: 'reminder_seconds', message }];
}
