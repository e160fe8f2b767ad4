import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';

/** Query of `GET /v1/requests/{channel_id}/events`. */
export class EventsQueryDto {
  @ApiPropertyOptional({ description: 'The ws_token of the channel, for browsers: they have no API key.' })
  @IsOptional()
  @IsString()
  @MaxLength(2_048)
  token?: string;

  @ApiPropertyOptional({
    example: '12-3-450',
    description: '`id` of the last event that is known; the header `Last-Event-ID` counts before it.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  last_event_id?: string;
}
