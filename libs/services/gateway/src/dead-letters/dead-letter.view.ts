import { webhookTypes, type DeliveryAttempt } from '@headrace/contracts';
import type { KeptDelivery } from '@headrace/event-log';
import type { DeadLetterRow, LastReplay } from '@headrace/read-model';
import { ApiProperty } from '@nestjs/swagger';
import { attemptView, DeliveryAttemptView } from '../deliveries/delivery.view.js';
import { deliveryStatuses } from '../deliveries/list-deliveries.dto.js';
import { sentHeaders } from './sent-headers.js';

/** The delivery that last sent a dead letter once more. */
export class LastReplayView {
  @ApiProperty({ description: 'That of the delivery.' })
  id: string;

  @ApiProperty()
  endpoint_id: string;

  @ApiProperty({ enum: deliveryStatuses })
  status: string;

  @ApiProperty({ format: 'date-time' })
  planned_at: string;
}

/** A delivery that no endpoint took. */
export class DeadLetterView {
  @ApiProperty({ description: 'That of the delivery.' })
  id: string;

  @ApiProperty({ format: 'uuid' })
  channel_id: string;

  @ApiProperty()
  endpoint_id: string;

  @ApiProperty()
  url: string;

  @ApiProperty({ enum: webhookTypes })
  type: string;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Of the last attempt; null: no answer came.' })
  http_status: number | null;

  @ApiProperty({ type: 'string', nullable: true })
  error: string | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'The error for machines.' })
  error_code: string | null;

  @ApiProperty({ format: 'date-time' })
  dead_lettered_at: string;

  @ApiProperty({ format: 'date-time', description: 'Until then it can be inspected and replayed.' })
  expires_at: string;

  @ApiProperty({ description: 'Whether it was sent once more, whatever became of that.' })
  replayed: boolean;

  @ApiProperty({ type: LastReplayView, nullable: true })
  last_replay: LastReplayView | null;
}

/** A dead letter with all that is known of it. */
export class DeadLetterDetailView extends DeadLetterView {
  @ApiProperty({ description: '`webhook-id`: the same for every attempt and replay.' })
  message_id: string;

  @ApiProperty({ description: 'Why no further attempt was made.' })
  reason: string;

  @ApiProperty({ type: 'string', nullable: true, description: 'The dead letter that this one was a replay of.' })
  replay_of: string | null;

  @ApiProperty({ description: 'The body, byte for byte as it was sent and as a replay sends it.' })
  payload: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string' },
    nullable: true,
    description: 'Headers of the last attempt, without signatures and trace; null: none was made.',
  })
  headers: Record<string, string> | null;

  @ApiProperty({ type: [DeliveryAttemptView] })
  attempts: readonly DeliveryAttemptView[];
}

/** What is told of a letter beside its own row. */
export interface DeadLetterContext {
  /** How long letters are kept. */
  readonly keptMs: number;
  readonly lastReplay: LastReplay | undefined;
}

/** A dead letter as it goes out in a list. */
export const deadLetterView = (row: DeadLetterRow, { keptMs, lastReplay }: DeadLetterContext): DeadLetterView => ({
  id: row.id,
  channel_id: row.channel,
  endpoint_id: row.endpointId,
  url: row.url,
  type: row.type,
  http_status: row.httpStatus,
  error: row.error,
  error_code: row.errorCode,
  dead_lettered_at: row.endedAt,
  expires_at: new Date(Date.parse(row.endedAt) + keptMs).toISOString(),
  replayed: lastReplay !== undefined,
  last_replay: lastReplay ? lastReplayView(lastReplay) : null,
});

const lastReplayView = ({ id, endpointId, status, plannedAt }: LastReplay): LastReplayView => ({
  id,
  endpoint_id: endpointId,
  status,
  planned_at: plannedAt.toISOString(),
});

/** A dead letter as it goes out alone. */
export function deadLetterDetailView(
  row: DeadLetterRow,
  context: DeadLetterContext,
  { planned, end }: KeptDelivery,
  attempts: readonly DeliveryAttempt[],
): DeadLetterDetailView {
  const last = attempts.at(-1);
  return {
    ...deadLetterView(row, context),
    message_id: planned.messageId,
    reason: end.reason,
    replay_of: planned.replayOf ?? null,
    payload: planned.body,
    headers: last ? sentHeaders(planned, row.channel, last) : null,
    attempts: attempts.map(attemptView),
  };
}
