import type { ProviderCredentialEntity } from '@headrace/project-store';
import { ApiProperty } from '@nestjs/swagger';

/** Credentials as they go out: the key masked. */
export class ProviderCredentialView {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty()
  provider: string;

  @ApiProperty({ type: 'string', nullable: true, example: '••••cdef' })
  api_key: string | null;

  @ApiProperty({ type: 'string', nullable: true })
  base_url: string | null;

  @ApiProperty({ format: 'date-time' })
  created_at: string;

  @ApiProperty({ format: 'date-time' })
  updated_at: string;
}

/** Credentials as they go out. */
export const providerCredentialView = (entity: ProviderCredentialEntity): ProviderCredentialView => ({
  id: entity.id,
  provider: entity.provider,
  api_key: entity.apiKeyHint,
  base_url: entity.baseUrl,
  created_at: entity.createdAt.toISOString(),
  updated_at: entity.updatedAt.toISOString(),
});
