import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsOptional } from 'class-validator';
import { IsLeftOutOr, IsName } from '../field-rules.js';

const publicReconnect = { description: 'Whether /v1/ai/reconnect answers without a key.' };

/** Body of `POST /v1/projects`. */
export class NewProjectDto {
  @ApiProperty()
  @IsName()
  name: string;

  @ApiPropertyOptional({ type: 'boolean', default: false, ...publicReconnect })
  @IsOptional()
  @IsBoolean()
  public_reconnect?: boolean | null;
}

/** Body of `PATCH /v1/projects/{id}`: what is left out stays as it is. */
export class ProjectChangesDto {
  @ApiPropertyOptional()
  @IsLeftOutOr()
  @IsName()
  name?: string;

  @ApiPropertyOptional({ description: "An inactive project's keys answer 403; only the administrator activates it." })
  @IsLeftOutOr()
  @IsBoolean()
  active?: boolean;

  @ApiPropertyOptional(publicReconnect)
  @IsLeftOutOr()
  @IsBoolean()
  public_reconnect?: boolean;
}
