import type { DataOf, DeliveryAttempt, deliveryPlanned } from '@headrace/contracts';
import type { DeliveryState } from '@headrace/domain';
import type { RecordedOf } from '@headrace/event-log';

/**
 * The one log line of an attempt. No body and no secret: of the URL only the host, since people put tokens in paths.
 */
export function attemptLine(
  { address, data }: RecordedOf<typeof deliveryPlanned>,
  attempt: DeliveryAttempt,
  state: DeliveryState,
): object {
  return {
    msg: 'webhook attempt',
    project_id: address.project,
    channel_id: address.channel,
    delivery_id: data.deliveryId,
    endpoint_id: data.endpointId,
    host: hostOf(data),
    webhook_type: data.webhookType,
    attempt: attempt.number,
    duration_ms: attempt.durationMs,
    http_status: attempt.httpStatus,
    protocol: attempt.protocol ?? null,
    connect_ms: attempt.timings?.connectMs ?? null,
    first_byte_ms: attempt.timings?.firstByteMs ?? null,
    error: attempt.error?.code ?? null,
    outcome: state.status,
    next_attempt_at: state.status === 'retrying' ? state.nextAttemptAt : null,
  };
}

const hostOf = ({ url }: DataOf<typeof deliveryPlanned>): string => URL.parse(url)?.host ?? '';
