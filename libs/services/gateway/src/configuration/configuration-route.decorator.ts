import { ApiErrors, RequiresProjectKey } from '@headrace/http';
import { applyDecorators } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import type { ErrorCode } from '@headrace/contracts';

/** Method decorator: a route by which a project manages its own configuration. */
export const ConfigurationRoute = (summary: string, ...errors: readonly ErrorCode[]): MethodDecorator =>
  applyDecorators(
    RequiresProjectKey(),
    ApiOperation({ summary }),
    ApiErrors('invalid_request_error', 'service_unavailable', ...errors),
  );
