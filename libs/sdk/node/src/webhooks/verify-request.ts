import { ConfigurationError, WebhookVerificationError } from '../errors.js';
import { readBody } from '../transport/read-body.js';
import type { Json } from '../types/json.js';
import type { WebhookHeaders } from './received-headers.js';
import type { VerifiedWebhook } from './verified-webhook.js';
import { verifyWebhook, type VerifyOptions } from './verify-webhook.js';

/** Webhooks carry an answer of an AI; more than this is somebody else's. */
const maxBodyBytes = 32 * 1024 * 1024;

/** As much of a `Request` of Fetch as is read: Next.js route handlers, Hono (`context.req.raw`), Remix, Bun. */
export interface FetchRequest {
  readonly headers: Iterable<readonly [string, string]>;
  readonly body: unknown;
  readonly bodyUsed: boolean;
}

/** As much of a request of Node as is read: `node:http`, Express, NestJS, Fastify, Next.js API routes. */
export interface NodeRequest {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The bytes where the framework keeps them, as NestJS with `rawBody: true` does. */
  readonly rawBody?: unknown;
  /** The bytes where a parser gives them, as `express.raw()` does; undefined while nothing has read them. */
  readonly body?: unknown;
}

/** Reads a request of any framework and verifies it. Nothing must have parsed its body before. */
export async function verifyRequest<Data = Json>(
  request: FetchRequest | NodeRequest,
  options: VerifyOptions,
): Promise<VerifiedWebhook<Data>> {
  const headers: WebhookHeaders = request.headers;
  return verifyWebhook<Data>({ body: await bodyOf(request), headers }, options);
}

async function bodyOf(request: FetchRequest | NodeRequest): Promise<Uint8Array | string> {
  if ('bodyUsed' in request) {
    if (request.bodyUsed) throw tooLate();
    return readBody(request.body, maxBodyBytes, tooLarge);
  }
  const kept = request.rawBody ?? request.body;
  if (typeof kept === 'string' || kept instanceof Uint8Array) return kept;
  if (kept !== undefined || !isUnread(request)) throw tooLate();
  // The connection stays: whoever sent too much is to be answered.
  return readBody(request.iterator({ destroyOnReturn: false }), maxBodyBytes, tooLarge);
}

/** What Node's streams have. */
interface Readable {
  readonly readableDidRead: boolean;
  iterator(options: { destroyOnReturn: boolean }): AsyncIterable<Uint8Array>;
}

const isUnread = (request: object): request is Readable =>
  'iterator' in request && 'readableDidRead' in request && request.readableDidRead === false;

const tooLate = (): ConfigurationError =>
  new ConfigurationError(
    'The body was read or parsed before. Verify the request before anything else reads it, or have the raw body kept.',
  );

function tooLarge(): never {
  throw new WebhookVerificationError('body_too_large', `The body is longer than ${maxBodyBytes} bytes.`);
}
