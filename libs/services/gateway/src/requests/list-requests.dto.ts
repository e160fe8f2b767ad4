import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, Matches } from 'class-validator';

const states = ['pending', 'ai_generated', 'completed', 'success', 'error', 'cancelled'];
const environments = ['live', 'test', 'pg', 'pg_test_mode'];

/** Query of `GET /v1/requests`. */
export class ListRequestsDto {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 100, default: 20 })
  @IsOptional()
  @Matches(/^([1-9]\d?|100)$/, { message: 'limit must be a number from 1 to 100' })
  limit?: string;

  @ApiPropertyOptional({ description: 'next_cursor of the page before.' })
  @IsOptional()
  @IsString()
  cursor?: string;

  @ApiPropertyOptional({
    enum: states,
    description: '`completed` and `success` find both good ends, `error` not those cancelled.',
  })
  @IsOptional()
  @IsIn(states)
  state?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  workflow?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  event_name?: string;

  @ApiPropertyOptional({ enum: environments })
  @IsOptional()
  @IsIn(environments)
  environment?: string;
}
