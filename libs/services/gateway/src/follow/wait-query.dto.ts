import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';

/** Longest wait, in seconds: proxies let go of requests that are silent for longer. */
export const longestWaitSeconds = 60;

/** Query of `GET /v1/requests/{channel_id}`. */
export class WaitQueryDto {
  @ApiPropertyOptional({
    example: '30s',
    pattern: '^([0-9]|[1-5][0-9]|60)s?$',
    description: `Answers when the request has ended, at the latest after so many seconds: 0 to ${longestWaitSeconds}.`,
  })
  @IsOptional()
  @Matches(/^(\d|[1-5]\d|60)s?$/, {
    message: `wait must be a number of whole seconds from 0 to ${longestWaitSeconds}, as in 30s or 30`,
  })
  wait?: string;
}

/** How long a caller wants to wait, in milliseconds. */
export const waitMsOf = ({ wait = '0' }: WaitQueryDto): number => Number.parseInt(wait, 10) * 1_000;
