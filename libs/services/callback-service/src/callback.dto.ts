import type { Json, JsonObject } from '@headrace/contracts';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

/** Body of a callback, for the document; `callbackMessageOf` checks it. */
export class CallbackDto {
  @ApiPropertyOptional({ type: 'object', additionalProperties: true, description: "The backend's result." })
  data?: JsonObject;

  @ApiPropertyOptional({
    type: 'array',
    minItems: 1,
    items: {
      type: 'object',
      required: ['tool_call_id', 'content'],
      properties: { tool_call_id: { type: 'string' }, content: { description: 'Text, or any other JSON.' } },
    },
    description: "What the model's tool calls came to, one result for each: the model is asked once more.",
  })
  tool_results?: { tool_call_id: string; content: Json }[];

  @ApiPropertyOptional({
    type: 'object',
    required: ['workflow', 'messages'],
    properties: {
      workflow: { type: 'string', description: 'Name of a saved workflow.' },
      messages: { type: 'array', minItems: 1, items: { type: 'object', additionalProperties: true } },
      metadata: { type: 'object', additionalProperties: true, description: 'Added to customer_data.' },
    },
    description: 'Goes on with another workflow in the same channel.',
  })
  continue?: { workflow: string; messages: JsonObject[]; metadata?: JsonObject };

  @ApiPropertyOptional({ description: 'A code that says why the backend failed; ends the request as failed.' })
  error?: string;

  @ApiPropertyOptional({ description: 'What the error means, for people.' })
  message?: string;

  @ApiPropertyOptional({ description: 'Id of the work in the backend; comes with the final frame.' })
  task_id?: string;

  @ApiPropertyOptional({ type: 'object', additionalProperties: true, description: 'Comes with the final frame.' })
  metadata?: JsonObject;
}

/** Answer to a callback that was taken, now or before. */
export class CallbackReplyDto {
  @ApiProperty({ enum: ['success'] })
  message: 'success';

  @ApiProperty({ enum: ['success', 'already_completed', 'already_continued'] })
  status: 'success' | 'already_completed' | 'already_continued';

  @ApiProperty({ format: 'uuid' })
  channel_id: string;

  @ApiPropertyOptional({ type: 'integer', description: 'The round that it began; left out when it ended the request.' })
  round?: number;
}
