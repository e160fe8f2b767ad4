import { createHash } from 'node:crypto';
import { isJsonObject, type CallbackRecord, type ErrorDetail, type JsonObject } from '@headrace/contracts';
import { ApiError, invalidFields } from '@headrace/http';
import { continueViolations, type ContinueBody } from './continue-body.js';
import { toolResultsOf, toolResultViolations } from './tool-results-body.js';

/** What a backend asks for. */
export interface CallbackMessage {
  readonly callback: CallbackRecord;
  /** Given when it goes on with another workflow. */
  readonly goOn: ContinueBody | undefined;
}

/**
 * What a backend's body says (CONTRACT section 5): `{data, task_id?, metadata?}` or `{error, message?}` end the
 * request, `{tool_results}` and `{continue}` go on with it. An `error` decides, whatever stands beside it; null counts
 * as left out. Throws `invalid_request_error` that names every wrong field.
 */
export function callbackMessageOf(body: unknown, receivedAt: string): CallbackMessage {
  if (!isJsonObject(body)) {
    throw new ApiError('invalid_request_error', 'Send a JSON object as the body, with Content-Type: application/json.');
  }
  const violations = violationsOf(body);
  if (violations.length > 0) throw invalidFields(violations);
  const code = textOf(body.error);
  // Checked above.
  const goOn = code === null && isJsonObject(body.continue) ? (body.continue as unknown as ContinueBody) : undefined;
  const results = code === null ? toolResultsOf(body.tool_results) : undefined;
  const callback = {
    receivedAt,
    fingerprint: fingerprintOf(body),
    data: isJsonObject(body.data) ? body.data : null,
    taskId: textOf(body.task_id),
    metadata: isJsonObject(body.metadata) ? body.metadata : null,
    error: code === null ? null : { code, message: textOf(body.message) ?? `The backend reported "${code}".` },
    simulated: false,
    ...(results && { toolResults: results }),
    ...(goOn && { continueWith: goOn.workflow }),
  };
  return { callback, goOn };
}

/** Tells a repeated callback from a conflicting one. Hex SHA-256 of the body as JSON. */
export const fingerprintOf = (body: JsonObject): string =>
  createHash('sha256').update(JSON.stringify(body)).digest('hex');

/** What a callback may bring; one of them without an error. */
const contents = ['data', 'tool_results', 'continue'] as const;

function violationsOf(body: JsonObject): ErrorDetail[] {
  const { data, error, task_id: taskId, metadata, message } = body;
  const given = contents.filter((name) => !isMissing(body[name]));
  const rules: [boolean, string, string][] = [
    [
      given.length === 0 && isMissing(error),
      'data',
      'data is missing. Send an object as data, or a code as error when your backend failed.',
    ],
    [
      given.length > 1 && isMissing(error),
      given[1] ?? 'data',
      `${given.join(' and ')} exclude each other. Send one of them in a callback.`,
    ],
    [!isMissing(data) && !isJsonObject(data), 'data', 'data must be an object.'],
    [
      !isMissing(error) && (typeof error !== 'string' || error === ''),
      'error',
      'error must be a non-empty string: a code.',
    ],
    [!isMissing(message) && typeof message !== 'string', 'message', 'message must be a string.'],
    [!isMissing(taskId) && !isTextOrNumber(taskId), 'task_id', 'task_id must be a string.'],
    [!isMissing(metadata) && !isJsonObject(metadata), 'metadata', 'metadata must be an object.'],
  ];
  return [
    ...rules.filter(([broken]) => broken).map(([, param, text]) => ({ param, message: text })),
    ...(isMissing(body.tool_results) ? [] : toolResultViolations(body.tool_results)),
    ...(isMissing(body.continue) ? [] : continueViolations(body.continue)),
  ];
}

const isMissing = (value: unknown): value is null | undefined => value === undefined || value === null;
const isTextOrNumber = (value: unknown): boolean => typeof value === 'string' || typeof value === 'number';
const textOf = (value: unknown): string | null => (isTextOrNumber(value) ? String(value) : null);
