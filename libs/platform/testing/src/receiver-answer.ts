import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

/** How a receiver answers one request. */
export interface ReceiverAnswer {
  /** Default 200. */
  readonly status?: number;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Buffer;
  /** Time before the first byte of the answer. */
  readonly delayMs?: number;
  /** Never answers; the connection stays open until the sender or `stop` ends it. */
  readonly hang?: boolean;
  /** Sends the body one byte at a time, with this pause before each. */
  readonly dripMs?: number;
  /** Breaks the connection instead of answering. */
  readonly reset?: boolean;
  /** A body that is sent piece by piece, as it comes: what a stream is tested with. In place of `body`. */
  readonly pieces?: Iterable<string | Buffer> | AsyncIterable<string | Buffer>;
  /** What follows on the last of `pieces`: a proper end (default), a broken connection, or nothing for ever. */
  readonly afterPieces?: 'end' | 'reset' | 'hang';
}

/** Gives an answer. Ends quietly when the sender goes away or `signal` aborts. */
export async function giveAnswer(response: ServerResponse, answer: ReceiverAnswer, signal: AbortSignal): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const over = AbortSignal.any([signal, gone.signal]);
  try {
    if (answer.delayMs) await delay(answer.delayMs, undefined, { signal: over });
    if (answer.hang) return;
    if (answer.reset) {
      response.destroy();
      return;
    }
    response.writeHead(answer.status ?? 200, answer.headers);
    if (answer.pieces) await sendPieces(response, answer.pieces, answer.afterPieces ?? 'end', over);
    else if (answer.dripMs === undefined) response.end(answer.body);
    else await drip(response, Buffer.from(answer.body ?? ''), answer.dripMs, over);
  } catch (error) {
    if (!over.aborted) throw error;
  }
}

async function drip(response: ServerResponse, body: Buffer, pauseMs: number, over: AbortSignal): Promise<void> {
  response.flushHeaders();
  for (let index = 0; index < body.length; index++) {
    await delay(pauseMs, undefined, { signal: over });
    response.write(body.subarray(index, index + 1));
  }
  response.end();
}

/** Each piece is on its way before the next is asked for, so that a receiver of the answer sees them apart. */
async function sendPieces(
  response: ServerResponse,
  pieces: NonNullable<ReceiverAnswer['pieces']>,
  afterPieces: NonNullable<ReceiverAnswer['afterPieces']>,
  over: AbortSignal,
): Promise<void> {
  response.flushHeaders();
  const isOver = new Promise<void>((resolve) => over.addEventListener('abort', () => resolve(), { once: true }));
  for await (const piece of pieces) {
    if (over.aborted) return;
    // A broken connection forgets to say that it did not write.
    await Promise.race([new Promise<void>((resolve) => void response.write(piece, () => resolve())), isOver]);
  }
  if (afterPieces === 'end') response.end();
  else if (afterPieces === 'reset') response.destroy();
}
