import { createHash } from 'node:crypto';
import type { CallbackRecord, ErrorDetail, JsonObject } from '@headrace/contracts';
import { ApiError, invalidFields } from '@headrace/http';

/**
 * What a backend's body says: `{data, task_id?, metadata?}` or `{error, message?}` (CONTRACT section 5).
 * An `error` decides, whatever `data` stands beside it; null counts as left out.
 * Throws `invalid_request_error` that names every wrong field.
 */
export function callbackRecordOf(body: unknown, receivedAt: string): CallbackRecord {
  if (!isObject(body)) {
    throw new ApiError('invalid_request_error', 'Send a JSON object as the body, with Content-Type: application/json.');
  }
  const violations = violationsOf(body);
  if (violations.length > 0) throw invalidFields(violations);
  const code = textOf(body.error);
  return {
    receivedAt,
    fingerprint: fingerprintOf(body),
    data: isObject(body.data) ? body.data : null,
    taskId: textOf(body.task_id),
    metadata: isObject(body.metadata) ? body.metadata : null,
    error: code === null ? null : { code, message: textOf(body.message) ?? `The backend reported "${code}".` },
    simulated: false,
  };
}

/** Tells a repeated callback from a conflicting one. Hex SHA-256 of the body as JSON. */
export const fingerprintOf = (body: JsonObject): string =>
  createHash('sha256').update(JSON.stringify(body)).digest('hex');

/** Whether a value is a JSON object. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function violationsOf({ data, error, task_id: taskId, metadata, message }: JsonObject): ErrorDetail[] {
  const rules: [boolean, string, string][] = [
    [
      isMissing(data) && isMissing(error),
      'data',
      'data is missing. Send an object as data, or a code as error when your backend failed.',
    ],
    [!isMissing(data) && !isObject(data), 'data', 'data must be an object.'],
    [
      !isMissing(error) && (typeof error !== 'string' || error === ''),
      'error',
      'error must be a non-empty string: a code.',
    ],
    [!isMissing(message) && typeof message !== 'string', 'message', 'message must be a string.'],
    [!isMissing(taskId) && !isTextOrNumber(taskId), 'task_id', 'task_id must be a string.'],
    [!isMissing(metadata) && !isObject(metadata), 'metadata', 'metadata must be an object.'],
  ];
  return rules.filter(([broken]) => broken).map(([, param, text]) => ({ param, message: text }));
}

const isMissing = (value: unknown): value is null | undefined => value === undefined || value === null;
const isTextOrNumber = (value: unknown): boolean => typeof value === 'string' || typeof value === 'number';
const textOf = (value: unknown): string | null => (isTextOrNumber(value) ? String(value) : null);
