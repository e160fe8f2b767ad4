import { webhookTypes } from '@headrace/contracts';
import type { EndpointWithSecret, WebhookEndpointEntity } from '@headrace/project-store';
import { ApiProperty } from '@nestjs/swagger';

/** A webhook endpoint as it goes out: never with its secret. */
export class WebhookView {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty()
  url: string;

  @ApiProperty({ type: 'string', nullable: true })
  description: string | null;

  @ApiProperty({ enum: webhookTypes, isArray: true, nullable: true, description: 'Null: every type.' })
  events: readonly string[] | null;

  @ApiProperty()
  active: boolean;

  @ApiProperty({ type: 'string', nullable: true, description: 'Why the system switched it off.' })
  disabled_reason: string | null;

  @ApiProperty({ format: 'date-time' })
  created_at: string;

  @ApiProperty({ format: 'date-time' })
  updated_at: string;
}

/** An endpoint with the secret that was just made: it is never shown again. */
export class WebhookWithSecretView extends WebhookView {
  @ApiProperty({ example: 'whsec_…', description: 'Signs the webhooks. Keep it: it is shown only here.' })
  secret: string;
}

/** An endpoint as it goes out. */
export const webhookView = (entity: WebhookEndpointEntity): WebhookView => ({
  id: entity.id,
  url: entity.url,
  description: entity.description,
  events: entity.events,
  active: entity.active,
  disabled_reason: entity.disabledReason,
  created_at: entity.createdAt.toISOString(),
  updated_at: entity.updatedAt.toISOString(),
});

/** An endpoint with its new secret, as it goes out once. */
export const webhookWithSecretView = ({ endpoint, secret }: EndpointWithSecret): WebhookWithSecretView => ({
  ...webhookView(endpoint),
  secret,
});
