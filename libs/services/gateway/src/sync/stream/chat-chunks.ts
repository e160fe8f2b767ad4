import type { JsonObject } from '@headrace/contracts';

/** What all chunks of one answer repeat. */
export interface ChunkHead {
  readonly id: string;
  /** Unix seconds. */
  readonly created: number;
  readonly model: string;
  /** Whether the client wants to know the tokens; each chunk before then says that it does not tell them. */
  readonly includeUsage: boolean;
}

/** Writes the events of an OpenAI stream: `chat.completion.chunk` as server-sent events. */
export class ChatChunks {
  /** Everything before the choices, serialised once: pieces come by the thousand. */
  readonly #before: string;
  readonly #after: string;
  readonly #begun = new Set<number>();

  constructor({ id, created, model, includeUsage }: ChunkHead) {
    const head = JSON.stringify({ id, object: 'chat.completion.chunk', created, model });
    this.#before = `data: ${head.slice(0, -1)},"choices":[`;
    this.#after = includeUsage ? `],"usage":null}\n\n` : `]}\n\n`;
  }

  /** A piece of text of the first choice: what most chunks are. */
  text(content: string): string {
    return this.delta(0, { content });
  }

  /** A piece of a choice; the first one says whose it is. */
  delta(index: number, delta: JsonObject): string {
    const isFirst = !this.#begun.has(index);
    this.#begun.add(index);
    return this.#chunk(index, isFirst ? { role: 'assistant', content: '', ...delta } : delta, null);
  }

  /** The end of a choice. */
  finish(index: number, reason: string): string {
    const delta: JsonObject = this.#begun.has(index) ? {} : { role: 'assistant', content: '' };
    return this.#chunk(index, delta, reason);
  }

  /** The tokens of the answer, in a chunk without choices. */
  usage(usage: JsonObject): string {
    return `${this.#before}],"usage":${JSON.stringify(usage)}}\n\n`;
  }

  #chunk(index: number, delta: JsonObject, reason: string | null): string {
    const choice = { index, delta, logprobs: null, finish_reason: reason };
    return `${this.#before}${JSON.stringify(choice)}${this.#after}`;
  }
}

/** A comment: keeps the connection alive, and clients skip it. */
export const heartbeat = ': heartbeat\n\n';
/** The end of a stream that is complete. */
export const done = 'data: [DONE]\n\n';
/** The end of a stream that is not. */
export const errorEvent = (error: object): string => `data: ${JSON.stringify({ error })}\n\n`;
