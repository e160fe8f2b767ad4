import { HttpException } from '@nestjs/common';
import type { ErrorCode } from '@headrace/contracts';
import { EventLogUnavailable, EventTooLarge } from '@headrace/event-log';
import { ChangeRefused, ProjectStoreUnavailable, type RefusalCode } from '@headrace/project-store';
import { ApiError, serviceUnavailable } from './api.error.js';

const bodyTooLarge =
  'The body is over the size limit. Send less, or have the operator raise HEADRACE_BODY_LIMIT_BYTES.';
const notJson = 'Send the body as JSON, with Content-Type: application/json.';

/** Codes of Fastify's own errors, by what a client did to cause them. */
const fastifyErrors: Readonly<Record<string, [ErrorCode, string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['payload_too_large', bodyTooLarge],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['unsupported_media_type', notJson],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [
    'invalid_request_error',
    'The body is not as long as its Content-Length says. Send all of it.',
  ],
  FST_ERR_BAD_URL: ['invalid_request_error', 'The path is not a valid URL. Check its percent-encoding.'],
  FST_ERR_MAX_PARAM_LENGTH: ['not_found', 'There is nothing at this path. Check the id in it.'],
};

const byStatus: Readonly<Record<number, ErrorCode>> = {
  400: 'invalid_request_error',
  401: 'invalid_api_key',
  403: 'permission_error',
  404: 'not_found',
  409: 'conflict',
  413: 'payload_too_large',
  415: 'unsupported_media_type',
  429: 'rate_limit_exceeded',
  503: 'service_unavailable',
};

const byRefusal: Readonly<Record<RefusalCode, ErrorCode>> = {
  not_found: 'not_found',
  conflict: 'conflict',
  invalid: 'invalid_request_error',
};

/**
 * The answer that an exception calls for. Undefined when nobody meant it to happen: the client then gets
 * `internal_error` with nothing of it, and the log gets all.
 */
export function toApiError(exception: unknown): ApiError | undefined {
  if (exception instanceof ApiError) return exception;
  if (exception instanceof EventLogUnavailable) {
    return serviceUnavailable(
      'The event log cannot be reached now, so the request is not confirmed. Try again shortly.',
      exception,
    );
  }
  if (exception instanceof EventTooLarge) {
    return new ApiError('payload_too_large', 'The request is larger than the event log takes. Send less.', {
      cause: exception,
    });
  }
  if (exception instanceof ProjectStoreUnavailable) {
    return serviceUnavailable('The configuration of the project cannot be read now. Try again shortly.', exception);
  }
  if (exception instanceof ChangeRefused) {
    const { code, message, param } = exception;
    return new ApiError(byRefusal[code], message, { details: param === undefined ? [] : [{ param, message }] });
  }
  if (exception instanceof HttpException) {
    const code = byStatus[exception.getStatus()];
    return code ? new ApiError(code, messageOf(exception), { cause: exception }) : undefined;
  }
  const known = fastifyErrors[codeOf(exception)];
  return known ? new ApiError(...known, { cause: exception }) : undefined;
}

function messageOf(exception: HttpException): string {
  // Nest passes Fastify's words on, which do not say what to do.
  if (exception.getStatus() === 413) return bodyTooLarge;
  if (exception.getStatus() === 415) return notJson;
  // Nest's own text for an unknown route: `Cannot GET /nowhere`.
  return exception.getStatus() === 404 && exception.message.startsWith('Cannot ')
    ? `${exception.message.replace('Cannot', 'There is no')}. Check the method and the path.`
    : exception.message;
}

function codeOf(exception: unknown): string {
  const code = exception instanceof Error && 'code' in exception ? exception.code : undefined;
  return typeof code === 'string' ? code : '';
}
