import { taskWebhookTypes, type TaskWebhookType } from '@headrace/contracts';
import { OptionalBody } from '@headrace/http';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { IsLeftOutOr } from '../../field-rules.js';

/** Body of `POST /v1/webhooks/{id}/test`; may be left out. */
@OptionalBody()
export class WebhookTestDto {
  @ApiPropertyOptional({ enum: taskWebhookTypes, description: 'Left out: a sample of each type, one after the other.' })
  @IsLeftOutOr()
  @IsIn(taskWebhookTypes)
  type?: TaskWebhookType;
}
