import { readFileSync } from 'node:fs';
import { UsageError } from '../errors.js';
import { httpUrlOf } from '../options/parse-options.js';
import { callApi, parsed } from './api.js';
import type { Connection } from '../options/connection.js';

/** What the server answers to an asynchronous request. */
export interface AsyncReply {
  readonly channel_id: string;
  readonly ws_token: string;
  readonly websocket_url: string;
  readonly websocket_channel: string;
}

/** The options that say what to ask. */
export interface RequestValues {
  readonly workflow?: string | undefined;
  readonly message?: string | undefined;
  readonly payload?: string | undefined;
  readonly 'webhook-url'?: string | undefined;
}

/** What `--help` says of them. */
export const requestHelp = [
  '  --workflow NAME    the workflow to ask',
  '  --message TEXT     what the user says',
  '  --payload JSON     the whole request as JSON, or the name of a file with it',
  '  --webhook-url URL  a webhook target for this request besides the registered endpoints',
];

/** A request body from options. Throws `UsageError` that names the option. */
export function requestOf(values: RequestValues): Record<string, unknown> {
  const { workflow, message, payload, 'webhook-url': webhookUrl } = values;
  if (message !== undefined && payload !== undefined) throw new UsageError('Give --message or --payload, not both.');
  if (message === undefined && payload === undefined) throw new UsageError('Give --message TEXT or --payload JSON.');
  const body = payload === undefined ? { messages: [{ role: 'user', content: message }] } : payloadOf(payload);
  if (workflow === undefined && !('workflow' in body) && !('provider' in body)) {
    throw new UsageError('Give --workflow NAME, or a payload with a workflow or a provider.');
  }
  return {
    ...body,
    ...(workflow === undefined ? {} : { workflow }),
    ...(webhookUrl === undefined ? {} : { webhook_url: httpUrlOf('--webhook-url', webhookUrl).href }),
  };
}

/** Sends an asynchronous request. */
export const ask = (connection: Connection, request: Record<string, unknown>): Promise<AsyncReply> =>
  callApi(connection, 'POST', '/v1/ai/async', request);

function payloadOf(payload: string): Record<string, unknown> {
  const isJson = payload.trimStart().startsWith('{');
  const body = parsed(isJson ? payload : fileText(payload));
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  throw new UsageError(`--payload ${isJson ? '' : `${payload} `}is not a JSON object.`);
}

function fileText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`--payload cannot be read: ${(error as Error).message}.`);
  }
}
