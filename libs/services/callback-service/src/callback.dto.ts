import type { JsonObject } from '@headrace/contracts';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

/** Body of a callback, for the document; `callbackRecordOf` checks it. */
export class CallbackDto {
  @ApiPropertyOptional({ type: 'object', additionalProperties: true, description: "The backend's result." })
  data?: JsonObject;

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

  @ApiProperty({ enum: ['success', 'already_completed'] })
  status: 'success' | 'already_completed';

  @ApiProperty({ format: 'uuid' })
  channel_id: string;
}
