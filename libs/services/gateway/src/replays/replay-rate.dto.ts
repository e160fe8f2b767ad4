import { ApiProperty } from '@nestjs/swagger';
import { IsNumber, Max, Min } from 'class-validator';

/** Limits of a replay's rate, in deliveries per second. */
export const replayRate = { minimum: 0.1, maximum: 1_000, default: 50 } as const;

/** Body of `PATCH /v1/replays/{id}`. */
export class ReplayRateDto {
  @ApiProperty({ type: 'number', minimum: replayRate.minimum, maximum: replayRate.maximum })
  @Max(replayRate.maximum)
  @Min(replayRate.minimum)
  @IsNumber()
  rate_per_second: number;
}
