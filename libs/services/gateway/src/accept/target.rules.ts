import type { ErrorDetail } from '@headrace/contracts';

interface Target {
  readonly workflow?: string | null;
  readonly provider?: string | null;
  readonly model?: string | null;
}

/** A request names a workflow, or else both a provider and a model. Wrong types are told by the fields' own rules. */
export function targetViolations({ workflow, provider, model }: Target): ErrorDetail[] {
  if (isGiven(workflow) || (isGiven(provider) && isGiven(model))) return [];
  if (isGiven(provider)) return [{ param: 'model', message: 'model is missing. Name the model of the provider.' }];
  if (isGiven(model)) return [{ param: 'provider', message: 'provider is missing. Name the provider of the model.' }];
  return [{ param: 'workflow', message: 'workflow is missing. Name a workflow, or a provider and a model.' }];
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null;
