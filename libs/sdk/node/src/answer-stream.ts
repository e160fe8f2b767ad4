import { ApiConnectionError, GenerationError, HeadraceError } from './errors.js';
import { EventReader } from './transport/event-stream.js';
import { requestIdOf, type OpenAnswer } from './transport/http-caller.js';
import { readEvents } from './transport/read-events.js';
import type { ChatChunk } from './types/ask.js';
import type { Json } from './types/json.js';

/** An answer that comes piece by piece. It can be read once; leaving the loop ends the connection. */
export class AnswerStream implements AsyncIterable<ChatChunk> {
  readonly #answer: OpenAnswer;
  #isRead = false;
  #hasEnded = false;

  /** `abandon` is called with the channel of an answer that nobody will read to its end. */
  constructor(answer: OpenAnswer, abandon?: (channelId: string) => void) {
    this.#answer = answer;
    // A reader who leaves, the caller's signal and a connection that says nothing any more all come to this.
    answer.limit.signal.addEventListener('abort', () => {
      if (!this.#hasEnded && this.channelId !== null) abandon?.(this.channelId);
    });
  }

  /** Under which the request is found later. */
  get channelId(): string | null {
    return this.#answer.response.headers.get('x-modelriver-channel-id');
  }

  get requestId(): string | null {
    return requestIdOf(this.#answer.response);
  }

  /** Only the text, in the pieces that it comes in. */
  async *texts(): AsyncGenerator<string, void, undefined> {
    for await (const { choices } of this) {
      const text = choices.find(({ index }) => index === 0)?.delta.content;
      if (text) yield text;
    }
  }

  /** The whole text, when all of it has come. */
  async text(): Promise<string> {
    const pieces: string[] = [];
    for await (const piece of this.texts()) pieces.push(piece);
    return pieces.join('');
  }

  /** Ends the connection, and the request too, unless its idempotency key is yours: then you may ask for it again. */
  cancel(): void {
    this.#answer.limit.abort();
    this.#answer.limit.release();
  }

  /**
   * The chunks. Throws `GenerationError` when the answer fails in its middle, `ApiConnectionError` when the connection
   * breaks, and the signal's reason when the caller aborts.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<ChatChunk, void, undefined> {
    if (this.#isRead) throw new HeadraceError('A stream can be read only once.');
    this.#isRead = true;
    const { response } = this.#answer;
    try {
      for await (const { data } of readEvents(this.#answer, new EventReader())) {
        const chunk = data === '[DONE]' ? undefined : parsed(data);
        this.#hasEnded = chunk === undefined || 'error' in chunk;
        if (chunk === undefined) return;
        if ('error' in chunk) throw failureOf(chunk, requestIdOf(response));
        yield chunk;
      }
      throw new ApiConnectionError('The stream broke off before its end.');
    } finally {
      this.cancel();
    }
  }
}

function failureOf({ error }: ErrorEvent, requestId: string | null): GenerationError {
  const { message, code, details } = error;
  return new GenerationError({
    message: message ?? 'The answer failed in its middle.',
    code: code ?? 'upstream_error',
    details: details ?? null,
    customerData: {},
    meta: null,
    requestId,
  });
}

interface ErrorEvent {
  readonly error: { readonly message?: string; readonly code?: string; readonly details?: Json };
}

function parsed(data: string): ChatChunk | ErrorEvent {
  try {
    const value = JSON.parse(data) as ChatChunk | ErrorEvent | null;
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Told below.
  }
  throw new HeadraceError('An event of the stream is no JSON object.');
}
