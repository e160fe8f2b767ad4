import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { errorCatalogue, type ErrorCode } from '@headrace/contracts';
import { errorSchemaRef } from './error.schema.js';

/** Documents the errors that a route answers with, several codes of one status in one entry. */
export function ApiErrors(...codes: readonly ErrorCode[]): MethodDecorator {
  const byStatus = Map.groupBy(codes, (code) => errorCatalogue[code].status);
  return applyDecorators(
    ...[...byStatus].map(([status, ofStatus]) =>
      ApiResponse({
        status,
        description: ofStatus.map((code) => `\`${code}\`: ${errorCatalogue[code].description}`).join('\n\n'),
        content: { 'application/json': { schema: errorSchemaRef } },
      }),
    ),
  );
}
