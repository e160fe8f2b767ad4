import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';
import { PageQueryDto } from './page-query.dto.js';

/** Which page of deliveries or dead letters is wanted, and of which endpoint. */
export class DeliveryPageQueryDto extends PageQueryDto {
  @ApiPropertyOptional({ description: 'Only those to this endpoint.' })
  @IsOptional()
  @Matches(/^[A-Za-z0-9_-]{1,100}$/, { message: 'endpoint_id must be the id of an endpoint' })
  endpoint_id?: string;
}
