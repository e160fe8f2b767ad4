import type { ErrorCode } from '@headrace/contracts';

/** Errors of every route that lets a request in: those of its body, its key, its gates and the log. */
export const askingErrors = [
  'invalid_request_error',
  'invalid_json',
  'model_not_found',
  'idempotency_key_reused',
  'payload_too_large',
  'unsupported_media_type',
  'rate_limit_exceeded',
  'budget_exceeded',
  'internal_error',
  'service_unavailable',
] as const satisfies readonly ErrorCode[];

/** Errors of routes whose callers wait for the answer, besides. */
export const answeringErrors = [
  ...askingErrors,
  'request_cancelled',
  'sync_timeout',
] as const satisfies readonly ErrorCode[];
