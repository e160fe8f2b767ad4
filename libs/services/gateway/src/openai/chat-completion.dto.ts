import type { ErrorDetail } from '@headrace/contracts';
import { furtherRules } from '@headrace/http';
import { ApiHideProperty, ApiProperty } from '@nestjs/swagger';
import { chatMessageViolations } from '@headrace/domain';
import { inlineSchemaViolations } from '../accept/inline-schema.js';
import { SyncRequestDto } from '../sync/sync-request.dto.js';

/** Body of `POST /v1/chat/completions`, as OpenAI's clients send it. */
export class ChatCompletionDto extends SyncRequestDto {
  @ApiProperty({ type: 'string', description: 'Name of a workflow, or `provider/model` where none has that name.' })
  declare model: string;

  @ApiHideProperty()
  declare workflow?: string | null;

  @ApiHideProperty()
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
