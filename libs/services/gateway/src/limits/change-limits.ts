import { invalidFields } from '@headrace/http';
import { ChangeRefused, type ApiKeyAdministration } from '@headrace/project-store';
import type { AdministrationSettings } from '../configuration/administration.config.js';
import { requireAdministrator, requireProject, type Caller } from '../configuration/projects/caller.guard.js';

/**
 * Throws `permission_error` unless the caller may change what limits a project. Where the operator has an
 * administrator, only he may: an application's key must not lift the limits that hold for it.
 */
export function requireLimitChanger(caller: Caller, projectId: string, settings: AdministrationSettings): void {
  if (settings.adminToken === undefined) requireProject(caller, projectId);
  else requireAdministrator(caller, 'Changing limits');
}

/** Throws `invalid_request_error` for a key that the project does not have, under the path of its field. */
export async function requireKeys(
  keys: ApiKeyAdministration,
  projectId: string,
  ids: readonly { readonly param: string; readonly id: string }[],
): Promise<void> {
  for (const { param, id } of ids) {
    try {
      await keys.find(projectId, id);
    } catch (error) {
      if (!(error instanceof ChangeRefused)) throw error;
      throw invalidFields([{ param, message: `The project has no API key with the id "${id}".` }]);
    }
  }
}
