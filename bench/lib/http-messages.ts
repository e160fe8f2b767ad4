/** A whole HTTP/1.1 message: its head as text, and its body. */
export interface HttpMessage {
  readonly head: string;
  readonly body: Buffer;
}

const endOfHead = Buffer.from('\r\n\r\n');
const contentLength = /\r\ncontent-length: *(\d+)/i;

/**
 * Cuts a connection's bytes into messages that tell their length. Knows just what the bench's own two ends say, so
 * that load and receiver take little of the machine that they measure.
 */
export class HttpMessages {
  #rest: Buffer = Buffer.alloc(0);

  readonly #onMessage: (message: HttpMessage) => void;

  constructor(onMessage: (message: HttpMessage) => void) {
    this.#onMessage = onMessage;
  }

  push(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    for (;;) {
      const headEnd = this.#rest.indexOf(endOfHead);
      if (headEnd < 0) return;
      const head = this.#rest.toString('latin1', 0, headEnd);
      const bodyAt = headEnd + endOfHead.length;
      const end = bodyAt + Number(contentLength.exec(head)?.[1] ?? 0);
      if (this.#rest.length < end) return;
      const body = this.#rest.subarray(bodyAt, end);
      this.#rest = this.#rest.subarray(end);
      this.#onMessage({ head, body });
    }
  }
}
