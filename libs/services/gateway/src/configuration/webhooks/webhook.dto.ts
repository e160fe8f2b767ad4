import { webhookTypes, type ErrorDetail, type JsonObject, type WebhookType } from '@headrace/contracts';
import { pathProblem, payloadFilterViolations } from '@headrace/domain';
import { furtherRules, type HasFurtherRules } from '@headrace/http';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayNotEmpty,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { IsLeftOutOr, IsOptionalNames, IsOptionalText } from '../field-rules.js';
import { headerViolations } from './header.rules.js';
import { ApiRetry, retryViolations, type RetryDto } from './retry.dto.js';

const longestUrl = 2_000;

/** What may be said of an endpoint beside its URL. Null stands for the default. */
class WebhookFieldsDto implements HasFurtherRules {
  @ApiPropertyOptional({ type: 'string', nullable: true })
  @IsOptionalText(2_000)
  description?: string | null;

  @ApiPropertyOptional({
    enum: webhookTypes,
    isArray: true,
    nullable: true,
    description: 'Null: every `task.…` type. Others come only where they are named.',
  })
  @IsOptional()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayUnique()
  @IsIn(webhookTypes, { each: true })
  events?: WebhookType[] | null;

  @ApiPropertyOptional({ type: [String], nullable: true, description: 'Names of workflows; null: all.' })
  @IsOptionalNames()
  workflows?: string[] | null;

  @ApiPropertyOptional({ type: [String], nullable: true, description: 'Event names; null: all, and none as well.' })
  @IsOptionalNames()
  event_names?: string[] | null;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    nullable: true,
    example: { 'data.total': { $gte: 100 } },
    description: 'Conditions on the body of the webhook, by dotted path.',
  })
  @IsOptional()
  @IsObject()
  payload_filter?: JsonObject | null;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'string' },
    nullable: true,
    example: { Authorization: 'Bearer …' },
    description: 'Sent with every attempt. Stored encrypted, shown masked, replaced all at once.',
  })
  headers?: Record<string, string> | null;

  @ApiRetry("When failed attempts are made again; null: as the project's `retry` says.")
  retry?: RetryDto | null;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 1_000, nullable: true })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(1_000)
  max_in_flight?: number | null;

  @ApiPropertyOptional({ type: 'number', minimum: 0.01, maximum: 10_000, nullable: true })
  @IsOptional()
  @IsNumber({ maxDecimalPlaces: 2 })
  @Min(0.01)
  @Max(10_000)
  rate_limit_per_second?: number | null;

  @ApiPropertyOptional({
    type: 'string',
    nullable: true,
    example: 'customer_data.user_id',
    description: 'Path into the body: webhooks with the same value there are delivered in order.',
  })
  @IsOptionalText(200)
  fifo_key?: string | null;

  [furtherRules](): ErrorDetail[] {
    return [
      ...retryViolations(this.retry),
      ...headerViolations(this.headers),
      ...filterViolations(this.payload_filter),
      ...pathViolations(this.fifo_key),
    ];
  }
}

/** Values of other types have been refused already. */
function filterViolations(filter: unknown): ErrorDetail[] {
  if (typeof filter !== 'object' || filter === null || Array.isArray(filter)) return [];
  return payloadFilterViolations(filter as JsonObject).map(({ path, message }) => {
    const param = path === '' ? 'payload_filter' : `payload_filter.${path}`;
    return { param, message: `${param} ${message}.` };
  });
}

function pathViolations(fifoKey: unknown): ErrorDetail[] {
  const problem = typeof fifoKey === 'string' ? pathProblem(fifoKey) : undefined;
  return problem === undefined ? [] : [{ param: 'fifo_key', message: `fifo_key ${problem}.` }];
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
