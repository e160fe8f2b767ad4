import { WebSocket, type ClientOptions } from 'ws';

/** What a socket said: a frame (parsed, or bytes), or its close. */
export type Heard =
  { readonly frame: unknown } | { readonly close: { readonly code: number; readonly reason: string } };

/** A WebSocket that speaks and hears single frames, in order. */
export class RawClient {
  readonly #heard: Heard[] = [];
  readonly #waiting: ((heard: Heard) => void)[] = [];

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer, isBinary: boolean) => {
      this.#hear({ frame: isBinary ? data : (JSON.parse(data.toString()) as unknown) });
    });
    socket.on('close', (code, reason) => this.#hear({ close: { code, reason: reason.toString() } }));
    socket.on('error', () => undefined);
  }

  /** Connects; rejects with a `RefusedUpgrade` when the server answers with plain HTTP. */
  static connect(url: string, protocols: string[] = [], options: ClientOptions = {}): Promise<RawClient> {
    return new Promise((resolve, reject) => {
      const client = new RawClient(new WebSocket(url, protocols, options));
      client.socket.once('open', () => resolve(client));
      client.socket.once('error', reject);
      client.socket.once('unexpected-response', (_request, response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (text: string) => (body += text));
        response.on('end', () => reject(new RefusedUpgrade(response.statusCode ?? 0, body)));
      });
    });
  }

  send(frame: unknown): void {
    this.socket.send(typeof frame === 'string' || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame));
  }

  /** The next thing that the server says. */
  next(): Promise<Heard> {
    const heard = this.#heard.shift();
    return heard ? Promise.resolve(heard) : new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** The next frame; fails when the socket closes instead. */
  async frame(): Promise<unknown> {
    const heard = await this.next();
    if ('frame' in heard) return heard.frame;
    throw new Error(`the socket closed with ${heard.close.code}`);
  }

  /** Cuts the connection without a closing handshake. */
  drop(): void {
    this.socket.terminate();
  }

  #hear(heard: Heard): void {
    const waiting = this.#waiting.shift();
    if (waiting) waiting(heard);
    else this.#heard.push(heard);
  }
}

/** The server answered an upgrade with plain HTTP. */
export class RefusedUpgrade extends Error {
  constructor(
    readonly status: number,
    readonly body: string,
  ) {
    super(`HTTP ${status} ${JSON.stringify(body)}`);
  }
}
