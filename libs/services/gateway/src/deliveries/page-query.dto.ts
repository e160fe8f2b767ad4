import type { ErrorDetail } from '@headrace/contracts';
import { furtherRules, type HasFurtherRules } from '@headrace/http';
import type { DeliveryPageRequest } from '@headrace/read-model';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';
import { decodeDeliveryCursor } from './delivery-cursor.js';

const defaultLimit = 20;

/** Which page of deliveries, dead letters or replays is wanted. */
export class PageQueryDto implements HasFurtherRules {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 100, default: defaultLimit })
  @IsOptional()
  @Matches(/^([1-9]\d?|100)$/, { message: 'limit must be a number from 1 to 100' })
  limit?: string;

  @ApiPropertyOptional({ description: '`next_cursor` of the page before.' })
  cursor?: string;

  [furtherRules](): ErrorDetail[] {
    return this.cursor === undefined || decodeDeliveryCursor(this.cursor)
      ? []
      : [{ param: 'cursor', message: 'cursor must be the next_cursor of the page before.' }];
  }
}

/** The page that a checked query asks for. */
export function deliveryPageOf({ limit = String(defaultLimit), cursor }: PageQueryDto): DeliveryPageRequest {
  const after = decodeDeliveryCursor(cursor);
  return { limit: Number(limit), ...(after ? { after } : {}) };
}
