import type { HttpClient, HttpStream } from '../http-client.port.js';
import { readWhole } from '../remote/streamed-body.js';

/** Limits of the calls that a package makes. Durations in milliseconds. */
export interface FetchLimits {
  readonly connectMs: number;
  readonly totalMs: number;
  readonly idleMs?: number;
  readonly maxResponseBytes: number;
  /** Of an answer with another status than 200, which packages read whole; what follows is not read. */
  readonly maxErrorBytes: number;
  readonly signal: AbortSignal;
}

/**
 * A `fetch` over our own client, so that what a package calls is held to the operator's addresses and to our limits of
 * time and size. `onFailure` is told why a call had no answer: packages wrap that in errors of their own.
 */
export function guardedFetch(http: HttpClient, limits: FetchLimits, onFailure: (error: unknown) => void): typeof fetch {
  const { connectMs, totalMs, idleMs, maxResponseBytes, maxErrorBytes, signal } = limits;
  return async (input, init = {}) => {
    const url = input instanceof Request ? input.url : String(input);
    const method = init.method ?? 'GET';
    if (method !== 'POST' || input instanceof Request) throw new TypeError(`Only POST is allowed, not ${method}.`);
    try {
      const stream = await http.requestStream({
        url,
        method,
        headers: Object.fromEntries(new Headers(init.headers)),
        body: bodyOf(init.body),
        timeouts: { connectMs, firstByteMs: totalMs, totalMs, ...(idleMs === undefined ? {} : { idleMs }) },
        maxResponseBytes,
        signal,
      });
      return await responseOf(stream, maxErrorBytes, onFailure);
    } catch (error) {
      onFailure(error);
      throw error;
    }
  };
}

function bodyOf(body: RequestInit['body']): string {
  if (body === null || body === undefined) return '';
  if (typeof body === 'string') return body;
  if (body instanceof Uint8Array) return Buffer.from(body).toString('utf8');
  throw new TypeError('Only a body of text is allowed.');
}

/** Statuses whose answers have no body. */
const empty = new Set([204, 205, 304]);

async function responseOf(
  answer: HttpStream,
  maxErrorBytes: number,
  onFailure: (error: unknown) => void,
): Promise<Response> {
  const { status, headers, body } = answer;
  const flat = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map((one): [string, string] => [name, one]),
  );
  if (empty.has(status)) {
    answer.cancel();
    return new Response(null, { status, headers: flat });
  }
  if (status >= 300) return new Response((await readWhole(body, maxErrorBytes)).body, { status, headers: flat });
  // A body that is not read on ends its call.
  return new Response(ReadableStream.from(toldOf(body, onFailure)), { status, headers: flat });
}

async function* toldOf(body: AsyncIterable<Buffer>, onFailure: (error: unknown) => void): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    onFailure(error);
    throw error;
  }
}
