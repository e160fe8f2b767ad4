import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A call as it arrived. */
export interface ReceivedCall {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Milliseconds of a clock that only goes forward. */
  readonly at: number;
}

/** How a call is answered: with a status and a body, or by whatever a function does. */
export type CallAnswer =
  | { readonly status?: number; readonly headers?: Record<string, string>; readonly body?: unknown }
  | ((response: ServerResponse) => void);

/** What stands for the API: answers what it is told to, one after the other, the last one over and over. */
export class ApiServer {
  readonly calls: ReceivedCall[] = [];
  readonly #server = createServer((request, response) => void this.#take(request, response));
  #answers: CallAnswer[] = [{}];
  #arrivals: ((call: ReceivedCall) => void)[] = [];

  static async start(): Promise<ApiServer> {
    const server = new ApiServer();
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  answers(...answers: CallAnswer[]): void {
    this.#answers = answers;
  }

  /** The next call to arrive. */
  arrival(): Promise<ReceivedCall> {
    return new Promise((resolve) => this.#arrivals.push(resolve));
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', url: path = '', headers } = request;
    const call = { method, path, headers, body: Buffer.concat(chunks).toString(), at: performance.now() };
    this.calls.push(call);
    const answer = (this.#answers.length > 1 ? this.#answers.shift() : this.#answers[0]) ?? {};
    for (const resolve of this.#arrivals.splice(0)) resolve(call);
    if (typeof answer === 'function') return answer(response);
    const { status = 200, headers: more = {}, body = {} } = answer;
    response.writeHead(status, { 'content-type': 'application/json', ...more });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  }
}

/** An error answer as the API writes it. */
export const anError = (status: number, code: string, more: object = {}, headers: Record<string, string> = {}) => ({
  status,
  headers,
  body: { message: `It is ${code}.`, error: { message: `It is ${code}.`, type: 'a_type', param: null, code, ...more } },
});

/** Answers with events and, unless told otherwise, the end of the body. */
export const events =
  (texts: readonly string[], end: (response: ServerResponse) => void = (response) => response.end()): CallAnswer =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'x-modelriver-channel-id': 'channel-1' });
    response.write(texts.map((text) => `data: ${text}\n\n`).join(''), () => end(response));
  };
