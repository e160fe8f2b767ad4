import { requestPriorities, type ErrorDetail, type RequestPriority } from '@headrace/contracts';
import { furtherRules, Nested, type HasFurtherRules } from '@headrace/http';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { longestWaitSeconds } from '../../accept/longest-wait.js';
import { IsReminder, mostReminders, shortestReminderSeconds } from './reminder.rule.js';
import { IsLeftOutOr, IsName, IsOptionalText } from '../field-rules.js';

/** Providers are slow, but nobody waits longer than this. */
const longestCallMs = 600_000;

/** Between two tries of a provider. */
const longestPauseSeconds = 600;

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

const pause = { type: 'number' as const, maximum: longestPauseSeconds };

/** How a provider and model are tried again before the next one's turn. */
export class WorkflowRetryDto {
  @ApiProperty({ type: 'integer', minimum: 1, maximum: 10, description: 'Tries of each, the first included.' })
  @IsInt()
  @Min(1)
  @Max(10)
  attempts: number;

  @ApiPropertyOptional({ ...pause, default: 1, description: 'Wait before the second try.' })
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(longestPauseSeconds)
  initial_seconds?: number | null;

  @ApiPropertyOptional({
    type: 'number',
    default: 2,
    minimum: 1,
    maximum: 10,
    description: 'By how much each wait is longer.',
  })
  @IsOptional()
  @IsNumber()
  @Min(1)
  @Max(10)
  factor?: number | null;

  @ApiPropertyOptional({
    ...pause,
    default: 30,
    description: "No wait is longer, but for one that the provider's Retry-After asks for.",
  })
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(longestPauseSeconds)
  max_seconds?: number | null;
}

/** What may be said of a workflow beside its name, provider and model. Null stands for the default. */
export class WorkflowFieldsDto implements HasFurtherRules {
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

  @ApiPropertyOptional({
    type: WorkflowRetryDto,
    nullable: true,
    description: 'Tries after failures that may pass (429, 5xx, no answer). Null: each is tried once.',
  })
  @IsOptional()
  @IsObject()
  @Nested(() => WorkflowRetryDto)
  retry?: WorkflowRetryDto | null;

  @ApiPropertyOptional({
    type: 'integer',
    default: 1,
    minimum: 0,
    maximum: 5,
    description: 'How often a model may mend an answer that does not fit the structured output.',
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(5)
  repair_attempts?: number | null;

  @ApiPropertyOptional({ type: 'integer', nullable: true, description: 'Most generations at once. Null: no limit.' })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(10_000)
  max_concurrent?: number | null;

  @ApiPropertyOptional({ enum: requestPriorities, default: 'normal', description: 'A request may say another.' })
  @IsOptional()
  @IsIn(requestPriorities)
  priority?: RequestPriority | null;

  @ApiPropertyOptional({
    type: 'integer',
    nullable: true,
    description: 'Fails a request whose generation has not begun by then. A request may say another. Null: never.',
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(longestWaitSeconds)
  expires_after_seconds?: number | null;

  @ApiPropertyOptional({
    type: 'integer',
    nullable: true,
    description: 'How long an equal question is answered with an earlier answer. Null: never.',
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(longestWaitSeconds)
  cache_seconds?: number | null;

  @ApiPropertyOptional({
    type: 'boolean',
    nullable: true,
    description: 'Tell answers piece by piece on the channel. A request may say another. Null: HEADRACE_ASYNC_TOKENS.',
  })
  @IsOptional()
  @IsBoolean()
  stream?: boolean | null;

  @ApiPropertyOptional({
    type: 'integer',
    default: 8,
    minimum: 1,
    maximum: 50,
    description: 'How often callbacks may send tool results before the answer must be final.',
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(50)
  max_tool_rounds?: number | null;

  @ApiPropertyOptional({
    oneOf: [
      { type: 'integer', minimum: shortestReminderSeconds },
      { type: 'array', items: { type: 'integer', minimum: 1 }, minItems: 1, maxItems: mostReminders },
    ],
    nullable: true,
    description: 'Reminds of an awaited callback: every so many seconds, or that long after the answer. Null: never.',
  })
  @IsOptional()
  @IsReminder(longestWaitSeconds)
  reminder_seconds?: number | number[] | null;

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
  @Max(longestWaitSeconds)
  callback_timeout?: number | null;

  @ApiPropertyOptional({ type: 'integer', description: 'The same as callback_timeout.' })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(longestWaitSeconds)
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

  [furtherRules](): ErrorDetail[] {
    const { callback_timeout: one = null, callback_timeout_seconds: other = null } = this;
    if (one === null || other === null || one === other) return [];
    const param = 'callback_timeout_seconds';
    return [{ param, message: `${param} is another name of callback_timeout, and says otherwise. Give one.` }];
  }
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
