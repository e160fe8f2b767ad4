import { ApiError } from '@headrace/http';
import type { ProjectConfiguration, Workflow } from '@headrace/project-store';
import type { ProviderCatalogue } from '@headrace/providers';

/** What a `model` of OpenAI's API stands for. */
export type ModelTarget =
  { readonly workflow: Workflow } | { readonly workflow: null; readonly provider: string; readonly model: string };

/** A model as OpenAI's API tells of it. */
export interface ModelView {
  readonly id: string;
  readonly object: 'model';
  /** Unix seconds. */
  readonly created: number;
  readonly owned_by: string;
}

/**
 * A workflow of the name; else, for a name with a slash, the model of a provider that the project has credentials for.
 * Throws `model_not_found`.
 */
export function modelTarget(
  name: string,
  { workflows, credentials }: ProjectConfiguration,
  catalogue: ProviderCatalogue,
): ModelTarget {
  const workflow = workflows.get(name);
  if (workflow) return { workflow };
  const slash = name.indexOf('/');
  const provider = name.slice(0, Math.max(slash, 0));
  const model = name.slice(slash + 1);
  const isReachable =
    catalogue.unknownProvider(provider, credentials) === undefined &&
    !catalogue.lacksCredentials(provider, credentials);
  if (provider !== '' && model !== '' && isReachable) return { workflow: null, provider, model };
  const advice =
    slash > 0
      ? `and no credentials for the provider "${provider}"`
      : 'Name one that exists, or a provider and its model as "provider/model"';
  const message = `There is no workflow "${name}"${slash > 0 ? ' ' : '. '}${advice}.`;
  throw new ApiError('model_not_found', message, { details: [{ param: 'model', message }] });
}

/** A model that can be asked under this id. */
export function modelView(id: string, { workflow }: ModelTarget): ModelView {
  const created = workflow ? createdAt(workflow.id) : 0;
  return { id, object: 'model', created, owned_by: workflow ? workflow.provider : id.slice(0, id.indexOf('/')) };
}

/** Ids of version 7 begin with the time at which they were made; other ids tell none. */
function createdAt(id: string): number {
  return id[14] === '7' ? Math.floor(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16) / 1_000) : 0;
}
