import type { ProjectStore } from '@headrace/project-store';
import { ApiError } from '../errors/api.error.js';
import { projectOf, rememberProject, type AuthenticatedProject } from './current-project.js';

/** A key is opaque: anything without spaces. Longer text is nobody's key and not worth a look-up. */
const bearerPattern = /^Bearer +(\S{1,512}) *$/i;

/** What authentication reads of a request; that of an upgrade fits, too. */
export interface KeyedRequest {
  readonly headers: { readonly authorization?: string | undefined };
}

/**
 * Finds out whose key a request carries, once per request.
 * Errors: `invalid_api_key` for a missing, unknown, revoked or expired key; `permission_error` for an inactive project.
 */
export async function authenticateRequest(store: ProjectStore, request: KeyedRequest): Promise<AuthenticatedProject> {
  const known = projectOf(request);
  if (known) return known;
  const key = bearerPattern.exec(request.headers.authorization ?? '')?.[1];
  if (key === undefined) {
    throw unauthenticated('No API key was sent. Send one as "Authorization: Bearer <key>".');
  }
  const owner = await store.authenticate(key);
  const project = owner && (await store.project(owner.projectId));
  if (!project) throw unauthenticated('The API key is unknown, revoked or expired. Use a current key of your project.');
  if (!project.active) {
    throw new ApiError('permission_error', 'The project of this API key is inactive. Activate it to go on.');
  }
  const authenticated = { ...owner, project };
  rememberProject(request, authenticated);
  return authenticated;
}

const unauthenticated = (message: string): ApiError =>
  new ApiError('invalid_api_key', message, { headers: { 'www-authenticate': 'Bearer' } });
