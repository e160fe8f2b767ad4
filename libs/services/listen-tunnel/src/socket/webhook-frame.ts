import { listenPath, type TunnelDelivery, type WebhookFrame } from '@headrace/contracts';
import { signWebhook } from '@headrace/webhook-signature';

/** Names an attempt in the frames of a socket: the same for the same attempt, whichever socket carries it. */
export const attemptId = ({ deliveryId, attempt }: Pick<TunnelDelivery, 'deliveryId' | 'attempt'>): string =>
  `${deliveryId}.${attempt}`;

/** An attempt as its client gets it: the headers and bytes that a registered endpoint would be sent. */
export function webhookFrame(delivery: TunnelDelivery, session: string, secret: string, now: Date): WebhookFrame {
  const { channel, deliveryId, attempt, webhookType, messageId, body, callbackUrl, traceParent } = delivery;
  const { headers } = signWebhook({
    body,
    secrets: [secret],
    messageId,
    endpointId: session,
    channelId: channel,
    deliveryId,
    attempt,
    callbackUrl,
    traceParent,
    now,
  });
  return {
    type: 'webhook',
    id: attemptId(delivery),
    webhook_type: webhookType,
    channel_id: channel,
    delivery_id: deliveryId,
    attempt,
    time_limit_ms: delivery.timeLimitMs,
    headers: { ...headers, 'User-Agent': 'Headrace-Webhooks/1' },
    body,
  };
}

/** Whether an upgrade is for the tunnel. A query is no reason to refuse it, and nothing in it counts. */
export const isListenPath = (url = '/'): boolean => (url.split('?', 1)[0] ?? '').replace(/\/+$/, '') === listenPath;
