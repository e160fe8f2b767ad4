import {
  webhookTypes,
  type AttemptTimings,
  type DataOf,
  type DeliveryAttempt,
  type deliveryPlanned,
} from '@headrace/contracts';
import type { DeliveryRow } from '@headrace/read-model';
import { ApiProperty } from '@nestjs/swagger';
import { deliveryStatuses } from './list-deliveries.dto.js';

/** Why an attempt failed. */
export class AttemptErrorView {
  @ApiProperty({ description: 'Stable, for machines.' })
  code: string;

  @ApiProperty()
  message: string;
}

const milliseconds = (description: string) => ({ type: 'number', nullable: true, description }) as const;

/** How long the steps of an attempt took, in milliseconds. */
export class AttemptTimingsView {
  @ApiProperty(milliseconds('Null: the host is an address, or a connection that was open already was used.'))
  dns_ms: number | null;

  @ApiProperty(milliseconds('Null: a connection that was open already was used, or it came to none.'))
  connect_ms: number | null;

  @ApiProperty(milliseconds('Null: no TLS, a connection that was open already was used, or it came to none.'))
  tls_ms: number | null;

  @ApiProperty(milliseconds('From the request being on its way to the head of the answer. Null: none came.'))
  first_byte_ms: number | null;

  @ApiProperty({ description: 'From before DNS to the last byte of the answer.' })
  total_ms: number;
}

/** One HTTP try of a delivery. */
export class DeliveryAttemptView {
  @ApiProperty({ type: 'integer', minimum: 1 })
  number: number;

  @ApiProperty({ format: 'date-time' })
  at: string;

  @ApiProperty({ type: 'integer' })
  duration_ms: number;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Null: no answer came.' })
  http_status: number | null;

  @ApiProperty({ type: AttemptErrorView, nullable: true, description: 'Null: the endpoint took it.' })
  error: AttemptErrorView | null;

  @ApiProperty({ type: 'string', nullable: true, description: "The start of the answer's body, up to 16 KiB." })
  response_body: string | null;

  @ApiProperty({ description: 'Whether the body of the answer was longer than `response_body`.' })
  response_truncated: boolean;

  @ApiProperty({ type: 'string', nullable: true, description: '`http/1.1` or `h2`. Null: no answer came.' })
  protocol: string | null;

  @ApiProperty({ type: AttemptTimingsView, nullable: true, description: 'Null: nothing was tried, or not measured.' })
  timings: AttemptTimingsView | null;
}

/** One payload on its way to one endpoint. */
export class DeliveryView {
  @ApiProperty()
  id: string;

  @ApiProperty({ format: 'uuid' })
  channel_id: string;

  @ApiProperty()
  endpoint_id: string;

  @ApiProperty()
  url: string;

  @ApiProperty({ enum: webhookTypes })
  type: string;

  @ApiProperty({ enum: deliveryStatuses })
  status: string;

  @ApiProperty({ type: [DeliveryAttemptView] })
  attempts: readonly DeliveryAttemptView[];

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  next_attempt_at: string | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'The dead letter that this delivery sends once more.' })
  replay_of: string | null;
}

/** A delivery as it goes out. */
export const deliveryView = (row: DeliveryRow, attempts: readonly DeliveryAttempt[]): DeliveryView => ({
  id: row.id,
  channel_id: row.channel,
  endpoint_id: row.endpointId,
  url: row.url,
  type: row.type,
  status: row.status,
  attempts: attempts.map(attemptView),
  next_attempt_at: row.nextAttemptAt,
  replay_of: row.replayOf,
});

/** A delivery that was planned just now, as it goes out. */
export const plannedDeliveryView = (channel: string, planned: DataOf<typeof deliveryPlanned>): DeliveryView => ({
  id: planned.deliveryId,
  channel_id: channel,
  endpoint_id: planned.endpointId,
  url: planned.url,
  type: planned.webhookType,
  status: 'planned',
  attempts: [],
  next_attempt_at: null,
  replay_of: planned.replayOf ?? null,
});

/** An attempt as it goes out. */
export const attemptView = (attempt: DeliveryAttempt): DeliveryAttemptView => ({
  number: attempt.number,
  at: attempt.startedAt,
  duration_ms: attempt.durationMs,
  http_status: attempt.httpStatus,
  error: attempt.error,
  response_body: attempt.responseBody,
  response_truncated: attempt.responseTruncated ?? false,
  protocol: attempt.protocol ?? null,
  timings: attempt.timings ? timingsView(attempt.timings) : null,
});

const timingsView = ({ dnsMs, connectMs, tlsMs, firstByteMs, totalMs }: AttemptTimings): AttemptTimingsView => ({
  dns_ms: dnsMs,
  connect_ms: connectMs,
  tls_ms: tlsMs,
  first_byte_ms: firstByteMs,
  total_ms: totalMs,
});
