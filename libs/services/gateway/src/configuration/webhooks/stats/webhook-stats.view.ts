import type { EndpointStats, LastFailure } from '@headrace/read-model';
import { ApiProperty } from '@nestjs/swagger';
import { statsWindows, type StatsWindow } from './stats-window.js';

const aCount = { type: 'integer', minimum: 0 } as const;
const aDuration = { type: 'integer', minimum: 0, nullable: true } as const;

class DeliveryCountsView {
  @ApiProperty({ ...aCount, description: '`success`, `error` and `pending` together.' })
  total: number;

  @ApiProperty({ ...aCount, description: 'Taken by the endpoint in the window.' })
  success: number;

  @ApiProperty({ ...aCount, description: 'Given up in the window: dead letters.' })
  error: number;

  @ApiProperty({ ...aCount, description: 'Open now, whenever they were planned.' })
  pending: number;
}

class AttemptCountsView {
  @ApiProperty(aCount)
  total: number;

  @ApiProperty({ ...aCount, description: 'Answered with a 2xx.' })
  success: number;

  @ApiProperty(aCount)
  failed: number;
}

class AttemptDurationsView {
  @ApiProperty({ ...aDuration, description: 'Percentiles are estimated from buckets, to within a fifth.' })
  p50: number | null;

  @ApiProperty(aDuration)
  p95: number | null;

  @ApiProperty(aDuration)
  p99: number | null;

  @ApiProperty(aDuration)
  max: number | null;
}

class FailureErrorView {
  @ApiProperty({ description: 'Stable, for machines.' })
  code: string;

  @ApiProperty()
  message: string;
}

class LastFailureView {
  @ApiProperty({ format: 'date-time' })
  at: string;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Null: no answer came.' })
  http_status: number | null;

  @ApiProperty({ type: FailureErrorView })
  error: FailureErrorView;

  @ApiProperty()
  delivery_id: string;
}

/** How webhooks to an endpoint fare. */
export class WebhookStatsView {
  @ApiProperty({ format: 'uuid' })
  endpoint_id: string;

  @ApiProperty({ enum: statsWindows })
  window: StatsWindow;

  @ApiProperty({ format: 'date-time', description: 'Up to five minutes before the window.' })
  from: string;

  @ApiProperty({ format: 'date-time' })
  to: string;

  @ApiProperty({ type: DeliveryCountsView })
  deliveries: DeliveryCountsView;

  @ApiProperty({ type: AttemptCountsView })
  attempts: AttemptCountsView;

  @ApiProperty({ type: 'number', nullable: true, description: 'Share of the attempts that succeeded; null: none.' })
  success_rate: number | null;

  @ApiProperty({ type: AttemptDurationsView, description: 'Of attempts, successful and failed; null: none.' })
  duration_ms: AttemptDurationsView;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, description: 'Whenever it was.' })
  last_success_at: string | null;

  @ApiProperty({ type: LastFailureView, nullable: true, description: 'The last failed attempt, whenever it was.' })
  last_failure: LastFailureView | null;

  @ApiProperty({
    type: 'object',
    additionalProperties: aCount,
    example: { '200': 940, '503': 12, timeout: 3 },
    description: 'Attempts by HTTP status, or by error code where no complete answer came.',
  })
  by_status: Record<string, number>;
}

/** An endpoint's statistics as they go out. */
export function webhookStatsView(
  asked: { readonly endpointId: string; readonly window: StatsWindow; readonly from: Date; readonly to: Date },
  { deliveries, attempts, durationMs, byStatus, lastSuccessAt, lastFailure }: EndpointStats,
): WebhookStatsView {
  const made = attempts.success + attempts.failed;
  return {
    endpoint_id: asked.endpointId,
    window: asked.window,
    from: asked.from.toISOString(),
    to: asked.to.toISOString(),
    deliveries: { total: deliveries.success + deliveries.error + deliveries.pending, ...deliveries },
    attempts: { total: made, ...attempts },
    success_rate: made === 0 ? null : attempts.success / made,
    duration_ms: durationMs,
    last_success_at: lastSuccessAt?.toISOString() ?? null,
    last_failure: lastFailure && lastFailureView(lastFailure),
    by_status: Object.fromEntries(byStatus),
  };
}

const lastFailureView = ({ at, httpStatus, error, deliveryId }: LastFailure): LastFailureView => ({
  at,
  http_status: httpStatus,
  error,
  delivery_id: deliveryId,
});
