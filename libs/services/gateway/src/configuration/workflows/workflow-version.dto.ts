import type { ErrorDetail } from '@headrace/contracts';
import { ApiError, furtherRules, type HasFurtherRules } from '@headrace/http';
import type { VersionPage } from '@headrace/project-store';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, Max, Min } from 'class-validator';

const defaultLimit = 20;
const maximumLimit = 100;
/** As far as the database counts. */
const lastVersion = 2_147_483_647;

/** Which versions are wanted. */
export class VersionQueryDto implements HasFurtherRules {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: maximumLimit, default: defaultLimit })
  limit?: string;

  @ApiPropertyOptional({ description: '`next_cursor` of the page before.' })
  cursor?: string;

  [furtherRules](): ErrorDetail[] {
    const problems: ErrorDetail[] = [];
    if (this.limit !== undefined && !isNumber(this.limit, maximumLimit)) {
      problems.push({ param: 'limit', message: `limit must be a whole number from 1 to ${maximumLimit}.` });
    }
    if (this.cursor !== undefined && !isNumber(this.cursor, lastVersion)) {
      problems.push({ param: 'cursor', message: 'cursor must be the next_cursor of the page before.' });
    }
    return problems;
  }
}

/** The page that a checked query asks for. */
export const versionPageOf = ({ limit, cursor }: VersionQueryDto): VersionPage => ({
  limit: limit === undefined ? defaultLimit : Number(limit),
  ...(cursor === undefined ? {} : { before: Number(cursor) }),
});

/** Body of `POST /v1/workflows/{id}/rollback`. */
export class RollbackDto {
  @ApiProperty({ type: 'integer', minimum: 1, description: 'The version to bring back.' })
  @IsInt()
  @Min(1)
  @Max(lastVersion)
  version: number;
}

/** A version's number out of a path. Throws `not_found` for what can be none. */
export function versionNumber(text: string): number {
  if (isNumber(text, lastVersion)) return Number(text);
  throw new ApiError('not_found', 'A version is a whole number from 1. Take one from the list of versions.');
}

const isNumber = (text: unknown, most: number): boolean =>
  typeof text === 'string' && /^[1-9]\d{0,9}$/.test(text) && Number(text) <= most;
