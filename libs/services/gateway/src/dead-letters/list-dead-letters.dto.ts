import { webhookTypes, type ErrorDetail } from '@headrace/contracts';
import { furtherRules } from '@headrace/http';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { DeliveryPageQueryDto } from '../deliveries/delivery-page-query.dto.js';

const instant = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d))?$/;

/** Query of `GET /v1/dead-letters`. */
export class ListDeadLettersDto extends DeliveryPageQueryDto {
  @ApiPropertyOptional({ enum: webhookTypes })
  @IsOptional()
  @IsIn(webhookTypes)
  type?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'Only those given up at or after this time.' })
  since?: string;

  override [furtherRules](): ErrorDetail[] {
    return this.since === undefined || isInstant(this.since)
      ? super[furtherRules]()
      : [...super[furtherRules](), { param: 'since', message: 'since must be a time such as 2026-01-31T12:00:00Z.' }];
  }
}

/** A query may repeat a parameter, which then is no text. */
const isInstant = (value: unknown): boolean =>
  typeof value === 'string' && instant.test(value) && !Number.isNaN(Date.parse(value));
