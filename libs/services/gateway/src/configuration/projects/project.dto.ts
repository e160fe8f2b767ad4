import type { ErrorDetail } from '@headrace/contracts';
import { furtherRules, type HasFurtherRules } from '@headrace/http';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsOptional } from 'class-validator';
import { IsLeftOutOr, IsName } from '../field-rules.js';
import { ApiRetry, retryViolations, type RetryDto } from '../webhooks/retry.dto.js';

const publicReconnect = { description: 'Whether /v1/ai/reconnect answers without a key.' };
const retry = 'When failed webhooks are tried again, where an endpoint does not say; null: the documented schedule.';

/** Body of `POST /v1/projects`. */
export class NewProjectDto implements HasFurtherRules {
  @ApiProperty()
  @IsName()
  name: string;

  @ApiPropertyOptional({ type: 'boolean', default: false, ...publicReconnect })
  @IsOptional()
  @IsBoolean()
  public_reconnect?: boolean | null;

  @ApiRetry(retry)
  retry?: RetryDto | null;

  [furtherRules](): ErrorDetail[] {
    return retryViolations(this.retry);
  }
}

/** Body of `PATCH /v1/projects/{id}`: what is left out stays as it is. */
export class ProjectChangesDto implements HasFurtherRules {
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

  @ApiRetry(retry)
  retry?: RetryDto | null;

  [furtherRules](): ErrorDetail[] {
    return retryViolations(this.retry);
  }
}
