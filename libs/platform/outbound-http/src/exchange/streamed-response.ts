import type { Dispatcher } from 'undici';
import { OutboundError } from '../outbound-error.js';
import { outboundErrorOf } from '../outbound-error-of.js';
import { onAbort } from './abort-listeners.js';
import type { OutboundRequest, ResponseHeaders } from './outbound-request.js';

/** An answer whose body is read as it comes. */
export interface StreamedResponse {
  readonly status: number;
  readonly headers: ResponseHeaders;
  /**
   * The body's chunks, once. Throws `OutboundError`: `response_too_large` above the limit, `timeout`, …
   * Leaving the loop early ends the call; not starting it leaks the connection until the deadline.
   */
  readonly body: AsyncIterable<Buffer>;
  /** Ends the call without reading (on). */
  cancel(): void;
}

/** Time limits of a streamed call; `idleMs` is the longest pause between two chunks. */
export interface StreamTimeouts {
  readonly idleMs?: number;
}

/** Sends a request and hands out its answer as soon as its head is there. Rejects with `OutboundError`. */
export async function streamExchange(
  dispatcher: Dispatcher,
  path: string,
  request: OutboundRequest & { readonly timeouts: StreamTimeouts },
): Promise<StreamedResponse> {
  const ending = new AbortController();
  const { timeouts } = request;
  const deadline = setTimeout(() => {
    ending.abort(new OutboundError('timeout', `The answer was not complete within ${timeouts.totalMs} ms.`));
  }, timeouts.totalMs);
  const stopListening =
    request.signal &&
    onAbort(request.signal, () => ending.abort(new OutboundError('aborted', 'The call was given up.')));
  const finish = (): void => {
    clearTimeout(deadline);
    stopListening?.();
  };
  try {
    const { statusCode, headers, body } = await untilAborted(
      dispatcher.request({
        path,
        method: request.method,
        headers: request.headers,
        body: request.body,
        headersTimeout: timeouts.firstByteMs,
        bodyTimeout: timeouts.idleMs ?? 0,
        signal: ending.signal,
      }),
      ending.signal,
    );
    // The deadline may destroy a body that nobody reads yet; its error is told to whoever reads it.
    body.on('error', () => undefined).once('close', finish);
    return {
      status: statusCode,
      headers,
      body: limited(body, request.maxResponseBytes),
      cancel: () => void body.destroy(),
    };
  } catch (error) {
    finish();
    throw outboundErrorOf(error);
  }
}

/** undici lets a call wait for a connection although its signal is aborted; this does not. */
function untilAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const stop = onAbort(signal, () => reject(outboundErrorOf(signal.reason)));
    work.then(resolve, reject).finally(stop);
  });
}

async function* limited(body: AsyncIterable<Buffer>, limit: number): AsyncGenerator<Buffer> {
  let size = 0;
  try {
    for await (const chunk of body) {
      size += chunk.length;
      if (size > limit) throw new OutboundError('response_too_large', `The answer is over ${limit} bytes.`);
      yield chunk;
    }
  } catch (error) {
    throw outboundErrorOf(error);
  }
}
