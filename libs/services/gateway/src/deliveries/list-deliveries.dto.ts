import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, Matches } from 'class-validator';
import { DeliveryPageQueryDto } from './delivery-page-query.dto.js';

/** Words for where a delivery stands (CONTRACT section 2). */
export const deliveryStatuses = ['planned', 'delivering', 'success', 'error'] as const;

/** Query of `GET /v1/deliveries`. */
export class ListDeliveriesDto extends DeliveryPageQueryDto {
  @ApiPropertyOptional({ format: 'uuid', description: 'Only those of this request.' })
  @IsOptional()
  @Matches(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, { message: 'channel_id must be a UUID' })
  channel_id?: string;

  @ApiPropertyOptional({ enum: deliveryStatuses, description: '`delivering`: a further attempt will be made.' })
  @IsOptional()
  @IsIn(deliveryStatuses)
  status?: string;
}
