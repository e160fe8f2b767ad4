import type { ApiKeyEntity } from '@headrace/project-store';
import { ApiProperty } from '@nestjs/swagger';

/** An API key as it goes out: never the key itself. */
export class ApiKeyView {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty()
  name: string;

  @ApiProperty({ example: 'mr_live_abcd…', description: 'How the key begins.' })
  prefix: string;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, description: 'Null: never.' })
  expires_at: string | null;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, description: 'To the minute.' })
  last_used_at: string | null;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  revoked_at: string | null;

  @ApiProperty({ format: 'date-time' })
  created_at: string;
}

/** A key that was just made: it is never shown again. */
export class ApiKeyWithValueView extends ApiKeyView {
  @ApiProperty({ example: 'mr_live_…', description: 'Keep it: it is shown only here.' })
  key: string;
}

/** A key as it goes out. */
export const apiKeyView = (entity: ApiKeyEntity): ApiKeyView => ({
  id: entity.id,
  name: entity.name,
  prefix: entity.prefix,
  expires_at: entity.expiresAt?.toISOString() ?? null,
  last_used_at: entity.lastUsedAt?.toISOString() ?? null,
  revoked_at: entity.revokedAt?.toISOString() ?? null,
  created_at: entity.createdAt.toISOString(),
});

/** A new key as it goes out once. */
export const apiKeyWithValueView = (made: { key: ApiKeyEntity; value: string }): ApiKeyWithValueView => ({
  ...apiKeyView(made.key),
  key: made.value,
});
