import { HeadraceError } from '../errors.js';
import type { EventReader, ServerEvent } from './event-stream.js';
import { told, type OpenAnswer } from './http-caller.js';

/**
 * The events of an answer as they come, until its body ends. Throws `ApiConnectionError` when the connection breaks or
 * says nothing any more, and the signal's reason when the caller aborts.
 */
export async function* readEvents(
  answer: OpenAnswer,
  reader: EventReader,
): AsyncGenerator<ServerEvent, void, undefined> {
  const { response, limit } = answer;
  const decoder = new TextDecoder();
  const bytes = (response.body ?? []) as AsyncIterable<Uint8Array>;
  try {
    for await (const piece of bytes) {
      // Whoever reads may take any time; only waiting for the next piece is limited.
      limit.pause();
      yield* reader.read(decoder.decode(piece, { stream: true }));
      limit.begin();
    }
  } catch (error) {
    if (error instanceof RangeError) throw new HeadraceError(error.message);
    throw told(error, limit.signal);
  }
}
