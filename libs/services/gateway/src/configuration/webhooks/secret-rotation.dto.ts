import type { ErrorDetail } from '@headrace/contracts';
import { furtherRules, OptionalBody, type HasFurtherRules } from '@headrace/http';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsOptional, Max, Min } from 'class-validator';

const hour = 3_600;
const usualOverlap = 24 * hour;
const longestOverlap = 7 * 24 * hour;

/** Body of `POST /v1/webhooks/{id}/rotate-secret`. */
@OptionalBody()
export class SecretRotationDto implements HasFurtherRules {
  @ApiPropertyOptional({
    type: 'integer',
    default: usualOverlap,
    minimum: 0,
    maximum: longestOverlap,
    description: 'Seconds in which the old secret signs as well, beside the new one.',
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(longestOverlap)
  overlap_seconds?: number | null;

  @ApiPropertyOptional({ type: 'integer', minimum: 0, maximum: 168, description: 'The same in hours.' })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(longestOverlap / hour)
  overlap_hours?: number | null;

  [furtherRules](): ErrorDetail[] {
    const isGiven = (value: unknown): boolean => value !== undefined && value !== null;
    if (!isGiven(this.overlap_seconds) || !isGiven(this.overlap_hours)) return [];
    const message = 'overlap_seconds and overlap_hours say the same. Send one of them.';
    return [{ param: 'overlap_seconds', message }];
  }
}

/** How long the old secret signs beside the new one, in milliseconds. */
export const overlapMsOf = ({ overlap_seconds, overlap_hours }: SecretRotationDto): number =>
  (overlap_seconds ?? (typeof overlap_hours === 'number' ? overlap_hours * hour : usualOverlap)) * 1_000;
