import { webhookHeaders, taskWebhookTypes } from '@headrace/contracts';
import { maskSecret } from '@headrace/secrets';
import { ApiProperty } from '@nestjs/swagger';
import { attemptView, DeliveryAttemptView } from '../../../deliveries/delivery.view.js';
import type { TestedWebhook } from './webhook-tester.js';

/** One sample that was sent, and what came of it. */
export class TestedWebhookView {
  @ApiProperty({ enum: taskWebhookTypes })
  type: string;

  @ApiProperty({ description: 'Its `webhook-id`: of no other webhook, and in no list.' })
  webhook_id: string;

  @ApiProperty({ description: 'The body, byte for byte as it was sent.' })
  payload: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string' },
    description: "As they were sent, signatures included; the values of the endpoint's own headers are masked.",
  })
  headers: Readonly<Record<string, string>>;

  @ApiProperty({ type: DeliveryAttemptView })
  attempt: DeliveryAttemptView;
}

/** Answer of `POST /v1/webhooks/{id}/test`. */
export class WebhookTestView {
  @ApiProperty({ type: [TestedWebhookView] })
  data: readonly TestedWebhookView[];
}

/** A test as it goes out. */
export const webhookTestView = (tested: readonly TestedWebhook[]): WebhookTestView => ({
  data: tested.map(({ type, payload, sent, endpointHeaders }) => ({
    type,
    webhook_id: sent.headers[webhookHeaders.standardId] ?? '',
    payload,
    headers: masked(sent.headers, endpointHeaders),
    attempt: attemptView(sent.attempt),
  })),
});

/** An endpoint's own headers may be credentials, which nobody can read again (CONTRACT has none of these names). */
function masked(
  sent: Readonly<Record<string, string>>,
  endpointHeaders: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const entries = Object.entries(sent);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, name in endpointHeaders ? maskSecret(value) : value]),
  );
}
