import { requestPriorities, type ErrorDetail, type JsonObject, type RequestPriority } from '@headrace/contracts';
import { chatMessageViolations } from '@headrace/domain';
import { furtherRules, type HasFurtherRules } from '@headrace/http';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  IsUrl,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { inlineSchemaViolations } from './inline-schema.js';
import { longestWaitSeconds } from './longest-wait.js';
import { targetViolations } from './target.rules.js';
import { IsTextOrNumber, IsTextOrObject } from './type.validators.js';

/**
 * Body of `POST /v1/ai/async` (CONTRACT section 1). Other fields are accepted too: OpenAI parameters go to the
 * provider, all may be named by a workflow's cache fields. Null counts as left out.
 */
export class AsyncRequestDto implements HasFurtherRules {
  @ApiPropertyOptional({ type: 'string', description: 'Name of a saved workflow. Wins over provider and model.' })
  @IsOptional()
  @IsNotEmpty()
  @IsString()
  workflow?: string | null;

  @ApiPropertyOptional({ type: 'string', description: 'AI provider, for a request without a workflow.' })
  @IsOptional()
  @IsNotEmpty()
  @IsString()
  provider?: string | null;

  @ApiPropertyOptional({ type: 'string', description: 'Model of the provider, for a request without a workflow.' })
  @IsOptional()
  @IsNotEmpty()
  @IsString()
  model?: string | null;

  @ApiProperty({
    type: 'array',
    minItems: 1,
    description: 'The conversation; content is text or OpenAI content parts.',
    items: {
      type: 'object',
      required: ['role'],
      additionalProperties: true,
      properties: {
        role: { type: 'string' },
        content: { oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'object' } }] },
      },
    },
  })
  messages: JsonObject[];

  @ApiPropertyOptional({ type: 'object', additionalProperties: true, description: 'Comes back as customer_data.' })
  @IsOptional()
  @IsObject()
  metadata?: JsonObject | null;

  @ApiPropertyOptional({ oneOf: [{}], description: 'Free value, usable in cache fields.' })
  inputs?: unknown;

  @ApiPropertyOptional({ oneOf: [{}], description: 'Free value, usable in cache fields.' })
  context?: unknown;

  @ApiPropertyOptional({ type: 'string', description: 'Comes back in customer_data.' })
  @IsOptional()
  @IsTextOrNumber()
  user_id?: string | number | null;

  @ApiPropertyOptional({ type: 'string', description: 'Comes back in customer_data.' })
  @IsOptional()
  @IsTextOrNumber()
  task_id?: string | number | null;

  @ApiPropertyOptional({ type: 'object', additionalProperties: true, description: 'OpenAI form of a JSON Schema.' })
  @IsOptional()
  @IsObject()
  response_format?: JsonObject | null;

  @ApiPropertyOptional({ type: 'object', additionalProperties: true, description: 'JSON Schema the answer must fit.' })
  @IsOptional()
  @IsObject()
  structured_output_schema?: JsonObject | null;

  @ApiPropertyOptional({ type: 'number', description: 'Passed to the provider.' })
  @IsOptional()
  @IsNumber()
  temperature?: number | null;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, description: 'Passed to the provider.' })
  @IsOptional()
  @Min(1)
  @IsInt()
  max_tokens?: number | null;

  @ApiPropertyOptional({
    type: 'array',
    items: { type: 'object', additionalProperties: true },
    description: 'Passed to the provider.',
  })
  @IsOptional()
  @IsObject({ each: true })
  @IsArray()
  tools?: JsonObject[] | null;

  @ApiPropertyOptional({
    oneOf: [{ type: 'string' }, { type: 'object', additionalProperties: true }],
    description: 'Passed to the provider.',
  })
  @IsOptional()
  @IsTextOrObject()
  tool_choice?: string | JsonObject | null;

  @ApiPropertyOptional({
    type: 'boolean',
    description: 'Tells the answer piece by piece on the channel too, as `tokens`. Default: as the workflow says.',
  })
  @IsOptional()
  @IsBoolean()
  stream?: boolean | null;

  @ApiPropertyOptional({
    enum: requestPriorities,
    description: 'Who waits for a free place before whom, within the project. Default: as the workflow says.',
  })
  @IsOptional()
  @IsIn(requestPriorities)
  priority?: RequestPriority | null;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: longestWaitSeconds,
    description: 'Fails the request if its generation has not begun by then. Default: as the workflow says.',
  })
  @IsOptional()
  @Max(longestWaitSeconds)
  @Min(1)
  @IsInt()
  expires_after_seconds?: number | null;

  @ApiPropertyOptional({ type: 'string', description: 'Only of the synchronous route; accepted here.' })
  @IsOptional()
  @IsString()
  format?: string | null;

  @ApiPropertyOptional({
    type: 'boolean',
    description: "Answers from the workflow's sample data; no provider is called.",
  })
  @IsOptional()
  @IsBoolean()
  test_mode?: boolean | null;

  @ApiPropertyOptional({
    type: 'string',
    description: 'Accepted; results always go to the WebSocket and the webhooks.',
  })
  @IsOptional()
  @IsString()
  delivery_method?: string | null;

  @ApiPropertyOptional({
    type: 'string',
    format: 'uri',
    description: 'One more webhook target, for this request only.',
  })
  @IsOptional()
  @MaxLength(2_048)
  @IsUrl({ protocols: ['http', 'https'], require_protocol: true, require_tld: false })
  webhook_url?: string | null;

  @ApiPropertyOptional({
    type: 'array',
    items: { type: 'string' },
    description: 'Makes the request event-driven; the event name of the workflow wins over the first one.',
  })
  @IsOptional()
  @IsNotEmpty({ each: true })
  @IsString({ each: true })
  @IsArray()
  events?: string[] | null;

  /** Rules over several fields or inside free JSON. */
  [furtherRules](): readonly ErrorDetail[] {
    return [...targetViolations(this), ...chatMessageViolations(this.messages), ...inlineSchemaViolations(this)];
  }
}
