import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, MaxLength } from 'class-validator';

/** Query of `GET /v1/requests/{channel_id}/events`. */
export class EventsQueryDto {
  @ApiPropertyOptional({ description: 'The ws_token of the channel, for browsers: they have no API key.' })
  @IsOptional()
  @MaxLength(2_048, { message: 'Send token once, with at most $constraint1 characters' })
  token?: string;

  @ApiPropertyOptional({
    example: '12-3-450',
    description: '`id` of the last event that is known; the header `Last-Event-ID` counts before it.',
  })
  @IsOptional()
  @MaxLength(64, { message: 'Send last_event_id once, with at most $constraint1 characters' })
  last_event_id?: string;
}
