import { webhookTypes } from '@headrace/contracts';
import type { EndpointWithSecret, WebhookEndpointRecord } from '@headrace/project-store';
import { ApiProperty } from '@nestjs/swagger';
import { ApiRetry, retryView, type RetryDto } from './retry.dto.js';

const statuses = ['active', 'paused', 'disabled'] as const;

/** A webhook endpoint as it goes out: never with its secret. */
export class WebhookView {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty()
  url: string;

  @ApiProperty({ type: 'string', nullable: true })
  description: string | null;

  @ApiProperty({ enum: statuses, description: 'disabled: not active; paused: active, and its deliveries wait.' })
  status: (typeof statuses)[number];

  @ApiProperty({
    enum: webhookTypes,
    isArray: true,
    nullable: true,
    description: 'Null: every `task.…` type. Others come only where they are named.',
  })
  events: readonly string[] | null;

  @ApiProperty({ type: [String], nullable: true, description: 'Null: all.' })
  workflows: readonly string[] | null;

  @ApiProperty({ type: [String], nullable: true, description: 'Null: all, and none as well.' })
  event_names: readonly string[] | null;

  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true })
  payload_filter: object | null;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string' },
    example: { Authorization: '••••cdef' },
    description: 'Names, and values masked.',
  })
  headers: Readonly<Record<string, string>>;

  @ApiRetry("Null: as the project's `retry` says.", { required: true })
  retry: RetryDto | null;

  @ApiProperty({ type: 'integer', nullable: true, description: "Null: the operator's limit." })
  max_in_flight: number | null;

  @ApiProperty({ type: 'number', nullable: true, description: 'Null: no limit.' })
  rate_limit_per_second: number | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'Null: no order.' })
  fifo_key: string | null;

  @ApiProperty()
  active: boolean;

  @ApiProperty()
  paused: boolean;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  paused_at: string | null;

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description: 'Since when every attempt has failed.',
  })
  failing_since: string | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'Why the system switched it off.' })
  disabled_reason: string | null;

  @ApiProperty({ format: 'date-time' })
  created_at: string;

  @ApiProperty({ format: 'date-time' })
  updated_at: string;
}

/** An endpoint with the secret that was just made: it is never shown again. */
export class WebhookWithSecretView extends WebhookView {
  @ApiProperty({ example: 'whsec_…', description: 'Signs the webhooks. Keep it: it is shown only here.' })
  secret: string;
}

/** An endpoint as it goes out. */
export const webhookView = (endpoint: WebhookEndpointRecord): WebhookView => ({
  id: endpoint.id,
  url: endpoint.url,
  description: endpoint.description,
  status: statusOf(endpoint),
  events: endpoint.events,
  workflows: endpoint.workflows,
  event_names: endpoint.eventNames,
  payload_filter: endpoint.payloadFilter,
  headers: endpoint.headers,
  retry: retryView(endpoint.retry),
  max_in_flight: endpoint.maxInFlight,
  rate_limit_per_second: endpoint.rateLimitPerSecond,
  fifo_key: endpoint.fifoKey,
  active: endpoint.active,
  paused: endpoint.pausedAt !== null,
  paused_at: endpoint.pausedAt?.toISOString() ?? null,
  failing_since: endpoint.failingSince?.toISOString() ?? null,
  disabled_reason: endpoint.disabledReason,
  created_at: endpoint.createdAt.toISOString(),
  updated_at: endpoint.updatedAt.toISOString(),
});

function statusOf({ active, pausedAt }: WebhookEndpointRecord): WebhookView['status'] {
  if (!active) return 'disabled';
  return pausedAt === null ? 'active' : 'paused';
}

/** An endpoint with its new secret, as it goes out once. */
export const webhookWithSecretView = ({ endpoint, secret }: EndpointWithSecret): WebhookWithSecretView => ({
  ...webhookView(endpoint),
  secret,
});
