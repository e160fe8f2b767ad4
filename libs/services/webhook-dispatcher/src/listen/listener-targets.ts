import { listenerUrl, type ListenerSession, type WebhookType } from '@headrace/contracts';

/** What matters of a webhook when it is decided who listens for it. */
export interface ListenedWebhook {
  readonly type: WebhookType;
  readonly workflow: string;
}

/** The listening sessions that want a webhook, as targets of deliveries: beside the endpoints, not instead of them. */
export function listenerTargets(
  sessions: readonly ListenerSession[],
  { type, workflow }: ListenedWebhook,
): { endpointId: string; url: string }[] {
  return sessions
    .filter(({ webhookTypes, workflows }) => wants(webhookTypes, type) && wants(workflows, workflow))
    .map(({ session }) => ({ endpointId: session, url: listenerUrl(session) }));
}

const wants = <Name extends string>(names: readonly Name[] | null, name: Name): boolean =>
  names === null || names.includes(name);
