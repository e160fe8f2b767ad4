import { ApiPropertyOptional, ApiProperty } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { IsName } from '../field-rules.js';

/** Days after which a key may expire (CONTRACT section 1). */
const lifetimes = [1, 7, 30, 60, 90] as const;

/** Body of `POST /v1/api-keys`. */
export class NewApiKeyDto {
  @ApiProperty()
  @IsName()
  name: string;

  @ApiPropertyOptional({ enum: lifetimes, nullable: true, description: 'Null, or left out: never.' })
  @IsOptional()
  @IsIn(lifetimes)
  expires_in_days?: (typeof lifetimes)[number] | null;
}
