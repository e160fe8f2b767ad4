import type { ErrorDetail } from '@headrace/contracts';
import { furtherRules } from '@headrace/http';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { chatMessageViolations } from '@headrace/domain';
import { inlineSchemaViolations } from '../accept/inline-schema.js';
import { SyncRequestDto } from '../sync/sync-request.dto.js';

const notUsed = 'Not used here: model says it.';

/** Body of `POST /v1/chat/completions`, as OpenAI's clients send it. */
export class ChatCompletionDto extends SyncRequestDto {
  @ApiProperty({
    type: 'string',
    required: true,
    description: 'Name of a workflow, or `provider/model` where none has that name.',
  })
  declare model: string;

  @ApiPropertyOptional({ type: 'string', description: notUsed })
  declare workflow?: string | null;

  @ApiPropertyOptional({ type: 'string', description: notUsed })
  declare provider?: string | null;

  override [furtherRules](): readonly ErrorDetail[] {
    return [...modelViolations(this.model), ...chatMessageViolations(this.messages), ...inlineSchemaViolations(this)];
  }
}

/** Where the body has our own form, `model` may be missing, so that the field's own rules do not say this. */
function modelViolations(model: unknown): ErrorDetail[] {
  if (model !== undefined && model !== null) return [];
  return [{ param: 'model', message: 'model is missing. Name a workflow.' }];
}
