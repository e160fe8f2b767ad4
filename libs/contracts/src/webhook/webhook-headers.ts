/** Headers on every attempt of a webhook (CONTRACT section 4). */
export const webhookHeaders = {
  /** Lower-case hex HMAC-SHA256(secret, raw body). */
  signature: 'mr-signature',
  /** Unix seconds of this attempt. */
  timestamp: 'mr-timestamp',
  modelRiverTimestamp: 'X-ModelRiver-Timestamp',
  /** Hex HMAC-SHA256(secret, `{timestamp}.` + JSON.stringify(body.data)). */
  modelRiverSignature: 'X-ModelRiver-Signature',
  channelId: 'mr-channel-id',
  webhookEndpointId: 'X-ModelRiver-Webhook-Id',
  callbackUrl: 'X-ModelRiver-Callback-Url',
  /** Standard Webhooks. */
  standardId: 'webhook-id',
  standardTimestamp: 'webhook-timestamp',
  standardSignature: 'webhook-signature',
  deliveryId: 'mr-delivery-id',
  attempt: 'mr-attempt',
  traceParent: 'traceparent',
} as const;
