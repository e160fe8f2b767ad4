import type { WebhookType } from '@headrace/contracts';

/** What matters of an endpoint when deliveries are planned. */
export interface TargetCandidate {
  readonly url: string;
  /** Null: every type. */
  readonly events: readonly WebhookType[] | null;
  readonly active: boolean;
}

/**
 * Where a webhook of a type goes: to every active endpoint whose filter takes it, and to the request's own
 * `webhook_url` unless one of those has that URL already.
 */
export function chooseTargets<Endpoint extends TargetCandidate>(
  endpoints: readonly Endpoint[],
  webhookUrl: string | null,
  type: WebhookType,
): { readonly endpoints: readonly Endpoint[]; readonly webhookUrl: string | null } {
  const chosen = endpoints.filter(({ active, events }) => active && (events === null || events.includes(type)));
  const isCovered = chosen.some(({ url }) => url === webhookUrl);
  return { endpoints: chosen, webhookUrl: isCovered ? null : webhookUrl };
}
