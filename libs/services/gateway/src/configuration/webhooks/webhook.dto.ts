import { webhookTypes, type WebhookType } from '@headrace/contracts';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayNotEmpty,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { IsLeftOutOr, IsOptionalText } from '../field-rules.js';

const longestUrl = 2_000;

/** What may be said of an endpoint beside its URL. */
class WebhookFieldsDto {
  @ApiPropertyOptional({ type: 'string', nullable: true })
  @IsOptionalText(2_000)
  description?: string | null;

  @ApiPropertyOptional({ enum: webhookTypes, isArray: true, nullable: true, description: 'Null: every type.' })
  @IsOptional()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayUnique()
  @IsIn(webhookTypes, { each: true })
  events?: WebhookType[] | null;
}

/** Body of `POST /v1/webhooks`. */
export class NewWebhookDto extends WebhookFieldsDto {
  @ApiProperty({ example: 'https://example.com/webhooks' })
  @MaxLength(longestUrl)
  @IsString()
  url: string;
}

/** Body of `PATCH /v1/webhooks/{id}`: what is left out stays as it is. */
export class WebhookChangesDto extends WebhookFieldsDto {
  @ApiPropertyOptional()
  @IsLeftOutOr()
  @MaxLength(longestUrl)
  @IsString()
  url?: string;

  @ApiPropertyOptional({ description: 'Switch it off, or on again after the system switched it off.' })
  @IsLeftOutOr()
  @IsBoolean()
  active?: boolean;
}

/** Body of `POST /v1/webhooks/{id}/rotate-secret`. */
export class SecretRotationDto {
  @ApiPropertyOptional({
    type: 'integer',
    default: 24,
    minimum: 0,
    maximum: 168,
    description: 'Hours in which the old secret signs as well, beside the new one.',
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(168)
  overlap_hours?: number | null;
}
