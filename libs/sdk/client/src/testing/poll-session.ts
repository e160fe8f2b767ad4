import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** The server's end of a socket that is made of requests: its events and methods are those of a WebSocket. */
export class PollSession extends EventEmitter {
  readonly #frames: string[] = [];
  #poll: ServerResponse | undefined;
  #end: ((poll: ServerResponse) => void) | undefined;

  /** Answers with the frames that wait, or with the next one. */
  poll(response: ServerResponse): void {
    this.#poll = response;
    response.once('close', () => {
      // Its client went away, as there is no next poll without an answer to this one.
      if (!response.writableFinished) this.emit('close', 1006);
    });
    this.#flush();
  }

  async receive(request: IncomingMessage): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    this.emit('message', Buffer.concat(chunks));
  }

  send(text: string): void {
    this.#frames.push(text);
    this.#flush();
  }

  /** As the hub ends a session: its client is to begin anew. */
  close(): void {
    this.#end = (poll) => answerPoll(poll, { status: 500 });
    this.#flush();
  }

  terminate(): void {
    this.#end = (poll) => poll.destroy();
    this.#flush();
  }

  /** Answers the poll that waits, or the next one. */
  #flush(): void {
    const poll = this.#poll;
    if (!poll || !(this.#end || this.#frames.length > 0)) return;
    this.#poll = undefined;
    if (this.#end) this.#end(poll);
    else answerPoll(poll, { status: 200, messages: this.#frames.splice(0) });
  }
}

/** Every answer of the transport has the status 200 of HTTP. */
export function answerPoll(response: ServerResponse, body: object): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
