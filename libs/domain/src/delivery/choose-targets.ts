import type { JsonObject, WebhookBody, WebhookType } from '@headrace/contracts';
import { matchesPayloadFilter } from './payload-filter.js';

/** What matters of an endpoint when deliveries are planned. Null: no such condition. */
export interface TargetCandidate {
  readonly url: string;
  readonly active: boolean;
  readonly events: readonly WebhookType[] | null;
  readonly filter: {
    readonly workflows: readonly string[] | null;
    readonly eventNames: readonly string[] | null;
    readonly payload: JsonObject | null;
  };
}

/**
 * Where a webhook goes: to every active endpoint whose filters take it, and to the request's own `webhook_url` unless
 * one of those has that URL already. Nobody filters a request's own URL: it was asked for by name.
 */
export function chooseTargets<Endpoint extends TargetCandidate>(
  endpoints: readonly Endpoint[],
  webhookUrl: string | null,
  webhook: WebhookBody,
): { readonly endpoints: readonly Endpoint[]; readonly webhookUrl: string | null } {
  const chosen = endpoints.filter((endpoint) => endpoint.active && wants(endpoint, webhook));
  const isCovered = webhookUrl !== null && chosen.some(({ url }) => url === webhookUrl);
  return { endpoints: chosen, webhookUrl: isCovered ? null : webhookUrl };
}

/** Whether an endpoint's filters take a webhook; the dearest condition is asked last. */
function wants({ events, filter }: TargetCandidate, webhook: WebhookBody): boolean {
  const { workflows, eventNames, payload } = filter;
  return (
    (events === null || events.includes(webhook.type)) &&
    (workflows === null || workflows.includes(webhook.workflow)) &&
    (eventNames === null || (typeof webhook.event === 'string' && eventNames.includes(webhook.event))) &&
    (payload === null || matchesPayloadFilter(payload, webhook))
  );
}
