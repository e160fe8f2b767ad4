import { webhookTypes, type ErrorDetail } from '@headrace/contracts';
import { furtherRules } from '@headrace/http';
import type { DeadLetterFilter } from '@headrace/read-model';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, Matches } from 'class-validator';
import { DeliveryPageQueryDto } from '../deliveries/delivery-page-query.dto.js';
import { instantMessage, isInstant } from './instant.rules.js';

/** Query of `GET /v1/dead-letters`. */
export class ListDeadLettersDto extends DeliveryPageQueryDto {
  @ApiPropertyOptional({ enum: webhookTypes })
  @IsOptional()
  @IsIn(webhookTypes)
  type?: string;

  @ApiPropertyOptional({ format: 'uuid', description: 'Only those of this request.' })
  @IsOptional()
  @Matches(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, { message: 'channel_id must be a UUID' })
  channel_id?: string;

  @ApiPropertyOptional({ type: 'integer', description: 'Only those whose last attempt was answered with this status.' })
  @IsOptional()
  @Matches(/^[1-5]\d\d$/, { message: 'http_status must be a number from 100 to 599' })
  http_status?: string;

  @ApiPropertyOptional({ description: 'Only those with this error code, `timeout` for example.' })
  @IsOptional()
  @Matches(/^[A-Za-z0-9_.-]{1,100}$/, { message: 'error must be an error code such as http_status or timeout' })
  error?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'Only those given up at or after this time.' })
  since?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'Only those given up before this time.' })
  until?: string;

  @ApiPropertyOptional({ type: 'boolean', description: 'Only those that were replayed, or that were not.' })
  @IsOptional()
  @IsIn(['true', 'false'], { message: 'replayed must be true or false' })
  replayed?: string;

  override [furtherRules](): ErrorDetail[] {
    const times = (['since', 'until'] as const).filter((param) => this[param] !== undefined && !isInstant(this[param]));
    return [...super[furtherRules](), ...times.map((param) => ({ param, message: instantMessage(param) }))];
  }
}

/** The filter that a checked query asks for. */
export function deadLetterFilterOf(query: ListDeadLettersDto): DeadLetterFilter {
  const { endpoint_id, type, channel_id, http_status, error, since, until, replayed } = query;
  return {
    ...(endpoint_id === undefined ? {} : { endpointId: endpoint_id }),
    ...(type === undefined ? {} : { type }),
    ...(channel_id === undefined ? {} : { channel: channel_id }),
    ...(http_status === undefined ? {} : { httpStatus: Number(http_status) }),
    ...(error === undefined ? {} : { error }),
    ...(since === undefined ? {} : { since: new Date(since) }),
    ...(until === undefined ? {} : { until: new Date(until) }),
    ...(replayed === undefined ? {} : { replayed: replayed === 'true' }),
  };
}
