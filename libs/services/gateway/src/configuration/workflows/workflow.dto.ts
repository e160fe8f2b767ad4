import { Nested } from '@headrace/http';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { IsLeftOutOr, IsName, IsOptionalText } from '../field-rules.js';

/** Providers are slow, but nobody waits longer than this. */
const longestCallMs = 600_000;

/** As long as the log keeps a request that waits. */
const longestCallbackSeconds = 30 * 24 * 60 * 60;

/** A provider and model to try when the one before failed. */
export class FallbackDto {
  @ApiProperty({ example: 'anthropic' })
  @IsName()
  provider: string;

  @ApiProperty()
  @IsName()
  model: string;

  @ApiPropertyOptional({ type: 'integer', nullable: true, description: "Default: the workflow's own." })
  @IsOptional()
  @IsInt()
  @Min(100)
  @Max(longestCallMs)
  timeout_ms?: number | null;
}

/** What may be said of a workflow beside its name, provider and model. Null stands for the default. */
export class WorkflowFieldsDto {
  @ApiPropertyOptional({ type: 'string', nullable: true })
  @IsOptionalText(2_000)
  description?: string | null;

  @ApiPropertyOptional({ type: [FallbackDto], description: 'Tried in order when the provider fails.' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(10)
  @Nested(() => FallbackDto)
  fallbacks?: FallbackDto[] | null;

  @ApiPropertyOptional({ type: 'integer', default: 60_000, description: 'Time limit of one provider call.' })
  @IsOptional()
  @IsInt()
  @Min(100)
  @Max(longestCallMs)
  timeout_ms?: number | null;

  @ApiPropertyOptional({ type: 'string', nullable: true })
  @IsOptionalText(100_000)
  system_instructions?: string | null;

  @ApiPropertyOptional({ type: 'string', format: 'uuid', nullable: true })
  @IsOptional()
  @IsUUID()
  structured_output_id?: string | null;

  @ApiPropertyOptional({ type: [String], example: ['metadata.user_id'], description: 'Paths for customer_data.' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(50)
  @IsString({ each: true })
  @IsNotEmpty({ each: true })
  @MaxLength(200, { each: true })
  cache_fields?: string[] | null;

  @ApiPropertyOptional({ type: 'string', nullable: true, description: 'Makes the workflow event-driven.' })
  @IsOptional()
  @IsName()
  event_name?: string | null;

  @ApiPropertyOptional({ type: 'integer', default: 300, description: 'Seconds that a backend has for its callback.' })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(longestCallbackSeconds)
  callback_timeout?: number | null;

  @ApiPropertyOptional({ type: 'integer', description: 'The same as callback_timeout.' })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(longestCallbackSeconds)
  callback_timeout_seconds?: number | null;

  @ApiPropertyOptional({ enum: ['production', 'testing'], default: 'production' })
  @IsOptional()
  @IsIn(['production', 'testing'])
  mode?: 'production' | 'testing' | null;

  @ApiPropertyOptional({ type: 'integer', default: 0, description: 'Delay of answers in testing mode.' })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(longestCallMs)
  test_delay_ms?: number | null;

  @ApiPropertyOptional({ type: 'boolean', default: false, description: 'Answer offline when every provider fails.' })
  @IsOptional()
  @IsBoolean()
  offline_fallback?: boolean | null;

  @ApiPropertyOptional({ type: 'object', additionalProperties: true, description: 'Passed to the provider.' })
  @IsOptional()
  @IsObject()
  parameters?: object | null;
}

/** Body of `POST /v1/workflows`. */
export class NewWorkflowDto extends WorkflowFieldsDto {
  @ApiProperty()
  @IsName()
  name: string;

  @ApiProperty({ example: 'offline' })
  @IsName()
  provider: string;

  @ApiProperty()
  @IsName()
  model: string;
}

/** Body of `PATCH /v1/workflows/{id}`: what is left out stays as it is. */
export class WorkflowChangesDto extends WorkflowFieldsDto {
  @ApiPropertyOptional()
  @IsLeftOutOr()
  @IsName()
  name?: string;

  @ApiPropertyOptional()
  @IsLeftOutOr()
  @IsName()
  provider?: string;

  @ApiPropertyOptional()
  @IsLeftOutOr()
  @IsName()
  model?: string;
}
