import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsNotEmpty, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { IsName } from '../field-rules.js';

/** What may be said of credentials beside the provider. */
export class ProviderCredentialChangesDto {
  @ApiPropertyOptional({ type: 'string', nullable: true, description: 'Stored encrypted, shown masked.' })
  @IsOptional()
  // It becomes a header's value.
  @Matches(/^[\x21-\x7e]+$/, { message: '$property must be of visible ASCII characters without spaces' })
  @MaxLength(4_000)
  @IsNotEmpty()
  @IsString()
  api_key?: string | null;

  @ApiPropertyOptional({ type: 'string', nullable: true, description: "Null: the provider's own." })
  @IsOptional()
  @MaxLength(2_000)
  @IsString()
  base_url?: string | null;
}

/** Body of `POST /v1/provider-credentials`. */
export class NewProviderCredentialDto extends ProviderCredentialChangesDto {
  @ApiProperty({ example: 'openai' })
  @IsName()
  provider: string;
}
