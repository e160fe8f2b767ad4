import { isAdHocEndpoint } from '@headrace/contracts';
import type { ProjectConfiguration, WebhookEndpoint } from '@headrace/project-store';
import type { EndpointHeaders } from '@headrace/webhook-sender';

/** What to sign an attempt with, or why none can be made any more. */
export type SigningSecrets =
  | {
      readonly secrets: readonly string[];
      /** The endpoint's own headers, sent beside ours. */
      readonly headers: EndpointHeaders;
      readonly project: ProjectConfiguration;
      /** Whose policies count; undefined for a request's own URL. */
      readonly endpoint: WebhookEndpoint | undefined;
    }
  | { readonly secrets: undefined; readonly reason: string };

const unavailable = (reason: string): SigningSecrets => ({ secrets: undefined, reason });

/**
 * Looked up at each attempt, not when it was planned: a rotated secret counts at once, and an endpoint that was
 * removed or switched off in between gets nothing more. A request's own URL is signed with the secret of the
 * endpoint registered for it, else with the project's (CONTRACT section 1).
 */
export function signingSecretsOf(
  project: ProjectConfiguration | undefined,
  { endpointId, url }: { readonly endpointId: string; readonly url: string },
): SigningSecrets {
  if (!project) return unavailable('The project was removed.');
  if (isAdHocEndpoint(endpointId)) {
    const registered = project.endpoints.find((endpoint) => endpoint.url === url);
    const secrets = registered?.secrets ?? [project.signingSecret];
    return { secrets, headers: registered?.headers ?? {}, project, endpoint: undefined };
  }
  const endpoint = project.endpoints.find(({ id }) => id === endpointId);
  if (!endpoint) return unavailable('The endpoint was removed.');
  if (!endpoint.active) return unavailable('The endpoint is switched off.');
  return { secrets: endpoint.secrets, headers: endpoint.headers, project, endpoint };
}
