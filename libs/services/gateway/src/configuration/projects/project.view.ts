import type { ProjectEntity } from '@headrace/project-store';
import { ApiProperty } from '@nestjs/swagger';
import { ApiKeyWithValueView } from '../api-keys/api-key.view.js';
import { ApiRetry, retryView, type RetryDto } from '../webhooks/retry.dto.js';

/** A project as it goes out. */
export class ProjectView {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty()
  name: string;

  @ApiProperty()
  active: boolean;

  @ApiProperty()
  public_reconnect: boolean;

  @ApiRetry('Null: the documented schedule.', { required: true })
  retry: RetryDto | null;

  @ApiProperty({ format: 'date-time' })
  created_at: string;

  @ApiProperty({ format: 'date-time' })
  updated_at: string;
}

/** A new project with its first key, which is never shown again. */
export class ProjectWithKeyView extends ProjectView {
  @ApiProperty({ type: ApiKeyWithValueView })
  api_key: ApiKeyWithValueView;
}

/** A project's new default signing secret, which is never shown again. */
export class SigningSecretView {
  @ApiProperty({ description: 'whsec_…' })
  signing_secret: string;
}

/** A project as it goes out. */
export const projectView = (entity: ProjectEntity): ProjectView => ({
  id: entity.id,
  name: entity.name,
  active: entity.active,
  public_reconnect: entity.publicReconnect,
  retry: retryView(entity.retry),
  created_at: entity.createdAt.toISOString(),
  updated_at: entity.updatedAt.toISOString(),
});
