import { replayStatuses } from '@headrace/domain';
import type { ReplayRow } from '@headrace/read-model';
import { ApiProperty } from '@nestjs/swagger';

const count = (description: string) => ({ type: 'integer', minimum: 0, description }) as const;

/** A replay of many dead letters. */
export class ReplayView {
  @ApiProperty()
  id: string;

  @ApiProperty({
    enum: replayStatuses,
    description: '`completed`: each letter was planned or skipped; deliveries may still be under way.',
  })
  status: string;

  @ApiProperty(count('Letters that were chosen when it was made.'))
  total: number;

  @ApiProperty(count('Deliveries that were made of them so far.'))
  planned: number;

  @ApiProperty(count('Of these: taken by the endpoint.'))
  succeeded: number;

  @ApiProperty(count('Of these: dead letters again.'))
  failed: number;

  @ApiProperty(count('Of these: under way.'))
  pending: number;

  @ApiProperty(count('Letters that no delivery was made of.'))
  skipped: number;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'integer' },
    description: 'Why they were skipped: how many for each reason.',
    example: { endpoint_removed: 2, already_replayed: 1 },
  })
  skipped_reasons: Record<string, number>;

  @ApiProperty({ type: 'number', description: 'Deliveries made within a second, at most.' })
  rate_per_second: number;

  @ApiProperty({ type: 'string', nullable: true, description: 'Where all of it goes; null: to its own endpoints.' })
  to_endpoint_id: string | null;

  @ApiProperty({ description: 'Whether letters are sent that were replayed well before.' })
  include_replayed: boolean;

  @ApiProperty({ type: 'string', nullable: true, description: 'Why it failed.' })
  failure: string | null;

  @ApiProperty({ format: 'date-time' })
  created_at: string;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  finished_at: string | null;
}

/** A replay as it goes out. */
export const replayView = (row: ReplayRow): ReplayView => ({
  id: row.id,
  status: row.status,
  total: row.total,
  planned: row.planned,
  succeeded: row.succeeded,
  failed: row.failed,
  pending: row.planned - row.succeeded - row.failed,
  skipped: Object.values(row.skipped).reduce((sum, letters) => sum + letters, 0),
  skipped_reasons: row.skipped,
  rate_per_second: row.ratePerSecond,
  to_endpoint_id: row.toEndpointId,
  include_replayed: row.includeReplayed,
  failure: row.failure,
  created_at: row.createdAt.toISOString(),
  finished_at: row.finishedAt?.toISOString() ?? null,
});
