import type { ErrorDetail } from '@headrace/contracts';
import { furtherRules, type HasFurtherRules } from '@headrace/http';
import type { DeliveryPageRequest } from '@headrace/read-model';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';
import { decodeDeliveryCursor } from './delivery-cursor.js';

const defaultLimit = 20;

/** Which page of deliveries or dead letters is wanted, and of which endpoint. */
export class DeliveryPageQueryDto implements HasFurtherRules {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 100, default: defaultLimit })
  @IsOptional()
  @Matches(/^([1-9]\d?|100)$/, { message: 'limit must be a number from 1 to 100' })
  limit?: string;

  @ApiPropertyOptional({ description: '`next_cursor` of the page before.' })
  cursor?: string;

  @ApiPropertyOptional({ description: 'Only those to this endpoint.' })
  @IsOptional()
  @Matches(/^[A-Za-z0-9_-]{1,100}$/, { message: 'endpoint_id must be the id of an endpoint' })
  endpoint_id?: string;

  [furtherRules](): ErrorDetail[] {
    return this.cursor === undefined || decodeDeliveryCursor(this.cursor)
      ? []
      : [{ param: 'cursor', message: 'cursor must be the next_cursor of the page before.' }];
  }
}

/** The page that a checked query asks for. */
export function deliveryPageOf({ limit = String(defaultLimit), cursor }: DeliveryPageQueryDto): DeliveryPageRequest {
  const after = decodeDeliveryCursor(cursor);
  return { limit: Number(limit), ...(after ? { after } : {}) };
}
