import type { JsonObject } from '@headrace/contracts';
import { ApiProperty } from '@nestjs/swagger';

/** Answer of `GET /v1/requests/{channel_id}`; documents `RequestView`. */
export class RequestDto {
  @ApiProperty({ format: 'uuid' })
  channel_id: string;

  @ApiProperty({ format: 'uuid' })
  project_id: string;

  @ApiProperty({ enum: ['pending', 'ai_generated', 'success', 'completed', 'error', 'cancelled'] })
  state: string;

  @ApiProperty()
  workflow: string;

  @ApiProperty({
    anyOf: [{ type: 'integer' }, { type: 'null' }],
    description: 'The version of the workflow that the request was resolved with.',
  })
  workflow_version: number | null;

  @ApiProperty({ anyOf: [{ type: 'string' }, { type: 'null' }] })
  event_name: string | null;

  @ApiProperty({ enum: ['live', 'test', 'pg', 'pg_test_mode'] })
  environment: string;

  @ApiProperty({
    anyOf: [{ type: 'object', additionalProperties: true }, { type: 'null' }],
    description: "The final WebSocket frame's payload; null until the request has ended.",
  })
  result: object | null;

  @ApiProperty({ type: 'object', additionalProperties: true })
  customer_data: JsonObject;

  @ApiProperty({ format: 'date-time' })
  created_at: string;

  @ApiProperty({ anyOf: [{ type: 'string', format: 'date-time' }, { type: 'null' }] })
  ended_at: string | null;

  @ApiProperty({
    type: 'array',
    items: { type: 'object', additionalProperties: true },
    description: 'All that happened to the request, in order.',
  })
  timeline: readonly object[];
}

/** Answer of `GET /v1/requests`; documents `RequestList`. */
export class RequestListDto {
  @ApiProperty({
    type: 'array',
    items: { type: 'object', additionalProperties: true },
    description: 'Requests, newest first: as single requests are told, without result and timeline.',
  })
  data: readonly object[];

  @ApiProperty({ anyOf: [{ type: 'string' }, { type: 'null' }], description: 'For cursor of the next page.' })
  next_cursor: string | null;
}
