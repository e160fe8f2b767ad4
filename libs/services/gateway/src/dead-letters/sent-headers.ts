import { webhookHeaders, type DataOf, type DeliveryAttempt, type deliveryPlanned } from '@headrace/contracts';

/**
 * The headers of an attempt, as far as they are known afterwards. Signatures and `traceparent` are not kept: they
 * are made anew for each attempt, and a signature in a listing would be as good as the request itself.
 */
export function sentHeaders(
  planned: DataOf<typeof deliveryPlanned>,
  channel: string,
  attempt: DeliveryAttempt,
): Record<string, string> {
  const seconds = String(Math.floor(Date.parse(attempt.startedAt) / 1_000));
  return {
    'Content-Type': 'application/json',
    [webhookHeaders.timestamp]: seconds,
    [webhookHeaders.modelRiverTimestamp]: seconds,
    [webhookHeaders.channelId]: channel,
    [webhookHeaders.webhookEndpointId]: planned.endpointId,
    [webhookHeaders.standardId]: planned.messageId,
    [webhookHeaders.standardTimestamp]: seconds,
    [webhookHeaders.deliveryId]: planned.deliveryId,
    [webhookHeaders.attempt]: String(attempt.number),
    ...(planned.callbackUrl === null ? {} : { [webhookHeaders.callbackUrl]: planned.callbackUrl }),
  };
}
