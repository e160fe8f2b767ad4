import { randomUUID } from 'node:crypto';
import { ApiConnectionError, ApiError, apiErrorOf, ConfigurationError, HeadraceError } from '../errors.js';
import { positive, wholeNumber, type CallOptions, type Settings } from '../options.js';
import type { Json, JsonObject } from '../types/json.js';
import { version } from '../version.js';
import { readBody } from './read-body.js';
import { retryAfterOf, retryDelay, type FailedAttempt } from './retry.js';
import { pause, TimeLimit } from './time-limit.js';

const defaultTimeoutMs = 60_000;
const userAgent = `headrace-node/${version}`;

/** One logical call, however often it is tried. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** A path, or the whole URL of a callback that is trusted. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  /** Sent with every attempt. Made for the call when it is a POST that has none. */
  readonly idempotencyKey?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Unless the caller or the client's options say otherwise. */
  readonly timeoutMs?: number;
}

/** An answer's body with what its head says. */
export interface Answered<Body> {
  readonly body: Body;
  readonly requestId: string | null;
}

/** An answer of which only the head has come. Release the limit when its body is read. */
export interface OpenAnswer {
  readonly response: Response;
  readonly limit: TimeLimit;
}

/** Calls the API: with the key, limits of time and size, and retries. */
export class HttpCaller {
  readonly #settings: Settings;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** Calls and reads the answer. */
  call<Body>(call: Call, options: CallOptions = {}): Promise<Answered<Body>> {
    return this.#retrying(call, options, async ({ response, limit }) => {
      const text = await this.#textOf(response, limit);
      const body = parsed(text);
      if (body === undefined) throw new HeadraceError('The answer is not JSON. Is baseUrl that of Headrace?');
      return { body: body as Body, requestId: requestIdOf(response) };
    });
  }

  /** Calls and gives the answer as soon as its head is there. Release its limit when its body is read. */
  open(call: Call, options: CallOptions = {}): Promise<OpenAnswer> {
    return this.#retrying(call, options, async (answer) => answer);
  }

  async #retrying<Result>(
    call: Call,
    options: CallOptions,
    use: (answer: OpenAnswer) => Promise<Result>,
  ): Promise<Result> {
    const maxRetries = wholeNumber('maxRetries', options.maxRetries ?? this.#settings.maxRetries);
    const request = this.#requestOf(call, options);
    for (let number = 1; ; number += 1) {
      try {
        return await this.#attempt(request, call, options, use);
      } catch (error) {
        const delay = number > maxRetries ? undefined : delayAfter(error, number);
        if (delay === undefined || options.signal?.aborted) throw error;
        await pause(delay, options.signal);
      }
    }
  }

  async #attempt<Result>(
    request: { url: string; init: RequestInit },
    call: Call,
    options: CallOptions,
    use: (answer: OpenAnswer) => Promise<Result>,
  ): Promise<Result> {
    const limitMs = options.timeoutMs ?? this.#settings.timeoutMs ?? call.timeoutMs ?? defaultTimeoutMs;
    const limit = new TimeLimit(positive('timeoutMs', limitMs), options.signal);
    try {
      const response = await this.#settings.fetch(request.url, { ...request.init, signal: limit.signal });
      if (!response.ok) throw errorOf(response, parsed(await this.#textOf(response, limit)));
      return await use({ response, limit });
    } catch (error) {
      limit.release();
      throw told(error, limit.signal, request.url);
    }
  }

  #requestOf(call: Call, options: CallOptions) {
    const { method, path, query, body } = call;
    const idempotencyKey = call.idempotencyKey ?? (method === 'POST' ? randomUUID() : undefined);
    const url = new URL(path.startsWith('/') ? `${this.#settings.baseUrl}${path}` : path);
    for (const [name, value] of Object.entries(query ?? {})) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    const headers = new Headers({ ...options.headers, ...call.headers });
    headers.set('authorization', `Bearer ${this.#settings.apiKey}`);
    headers.set('user-agent', userAgent);
    if (idempotencyKey !== undefined) headers.set('idempotency-key', checkedKey(idempotencyKey));
    if (body !== undefined) headers.set('content-type', 'application/json');
    // Written once: every attempt sends the same bytes, by which repetitions are known.
    const text = body === undefined ? null : JSON.stringify(body);
    // A redirect would take the key, and turn a POST into a GET.
    return { url: url.href, init: { method, headers, body: text, redirect: 'manual' } satisfies RequestInit };
  }

  async #textOf(response: Response, limit: TimeLimit): Promise<string> {
    const { maxResponseBytes } = this.#settings;
    const body = await readBody(response.body, maxResponseBytes, () => {
      limit.abort();
      throw new HeadraceError(`The answer is longer than ${maxResponseBytes} bytes. Raise maxResponseBytes.`);
    });
    limit.release();
    return body.toString('utf8');
  }
}

/** The id by which an answer can be found in the system's records. */
export const requestIdOf = ({ headers }: Response): string | null => headers.get('x-request-id');

/** What a broken-off call is told as: the reason of an abort or time limit, else that no answer came. */
export function told(error: unknown, signal: AbortSignal, url?: string): unknown {
  if (error instanceof HeadraceError) return error;
  if (signal.aborted) return signal.reason;
  const { cause } = error as { cause?: { code?: unknown } };
  const code = typeof cause?.code === 'string' ? ` (${cause.code})` : '';
  // Most of all when the address was forgotten, and is the default.
  const from = url === undefined ? '' : ` from ${new URL(url).origin} (baseUrl, HEADRACE_URL)`;
  return new ApiConnectionError(`No whole answer came${from}: the connection failed or broke${code}.`, {
    cause: error,
  });
}

/** How long to wait after the failed attempt `number` (from 1), in milliseconds; undefined: another is of no use. */
export const delayAfter = (error: unknown, number: number): number | undefined =>
  retryDelay(asFailed(error, number), Math.random());

function asFailed(error: unknown, number: number): FailedAttempt {
  if (error instanceof ApiError) {
    const { status, code, retryAfterMs } = error;
    return { number, status, code, retryAfterMs, isHopeless: hopeless.has(error) };
  }
  return { number, isHopeless: !(error instanceof ApiConnectionError) };
}

/** Errors of which the server said that trying again is of no use. */
const hopeless = new WeakSet<ApiError>();

function errorOf(response: Response, body: Json | undefined): ApiError {
  const { status, headers } = response;
  const said = objectOf(objectOf(body)['error']);
  const error = apiErrorOf({
    status,
    message: textOf(said['message']) ?? textOf(objectOf(body)['message']) ?? `The system answered ${status}.`,
    code: textOf(said['code']),
    type: textOf(said['type']),
    param: textOf(said['param']),
    details: said['details'] ?? null,
    requestId: requestIdOf(response),
    retryAfterMs: retryAfterOf(headers.get('retry-after'), Date.now()),
  });
  if (headers.get('x-should-retry') === 'false') hopeless.add(error);
  return error;
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    // Something between us and the system may answer with HTML.
    return undefined;
  }
}

const objectOf = (value: Json | undefined): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
const textOf = (value: Json | undefined): string | null => (typeof value === 'string' ? value : null);

function checkedKey(key: string): string {
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw new ConfigurationError('idempotencyKey must be 1 to 255 visible ASCII characters.');
  }
  return key;
}
