import type { ErrorDetail } from '@headrace/contracts';
import { furtherRules, type HasFurtherRules } from '@headrace/http';
import type { PagePosition, PageRequest } from '@headrace/project-store';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { decodeCursor } from './cursor.js';

const defaultLimit = 50;
const maximumLimit = 100;

/** Which page of a list is wanted. */
export class ListQueryDto implements HasFurtherRules {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: maximumLimit, default: defaultLimit })
  limit?: string;

  @ApiPropertyOptional({ description: '`next_cursor` of the page before.' })
  cursor?: string;

  [furtherRules](): ErrorDetail[] {
    const problems: ErrorDetail[] = [];
    const limit = this.limit === undefined ? defaultLimit : Number(this.limit);
    if (!Number.isInteger(limit) || limit < 1 || limit > maximumLimit) {
      problems.push({ param: 'limit', message: `limit must be a whole number from 1 to ${maximumLimit}.` });
    }
    if (this.cursor !== undefined && !decodeCursor(this.cursor)) {
      problems.push({ param: 'cursor', message: 'cursor must be the next_cursor of the page before.' });
    }
    return problems;
  }
}

/** The page that a checked query asks for. */
export function pageRequestOf({ limit, cursor }: ListQueryDto): PageRequest {
  const after: PagePosition | undefined = cursor === undefined ? undefined : decodeCursor(cursor);
  return { limit: limit === undefined ? defaultLimit : Number(limit), after };
}
