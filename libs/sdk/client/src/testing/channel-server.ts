import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Frame } from '../phoenix-frame.js';

/** Values that come one by one and are taken one by one, whichever is first. */
class Line<Value> {
  readonly #values: Value[] = [];
  readonly #takers: ((value: Value) => void)[] = [];

  put(value: Value): void {
    const taker = this.#takers.shift();
    if (taker) taker(value);
    else this.#values.push(value);
  }

  take(): Promise<Value> {
    const value = this.#values.shift();
    return value === undefined ? new Promise((resolve) => this.#takers.push(resolve)) : Promise.resolve(value);
  }
}

/** The server's end of one socket. */
export class Peer {
  readonly #texts = new Line<string>();
  readonly closed: Promise<number>;
  #joinRef: string | null = null;
  #topic = '';

  constructor(
    private readonly socket: WebSocket,
    readonly url: URL,
  ) {
    socket.on('message', (data) => this.#texts.put((data as Buffer).toString()));
    this.closed = once(socket, 'close').then(([code]) => code as number);
  }

  /** The next message, as its bytes came. */
  text(): Promise<string> {
    return this.#texts.take();
  }

  async frame(): Promise<Frame> {
    return JSON.parse(await this.text()) as Frame;
  }

  /** Takes the join and answers it. */
  async join(status = 'ok', response: object = {}): Promise<this> {
    const [joinRef, ref, topic] = await this.frame();
    this.#joinRef = joinRef;
    this.#topic = topic;
    return this.send([joinRef, ref, topic, 'phx_reply', { status, response }]);
  }

  push(event: string, payload: object): this {
    return this.send([this.#joinRef, null, this.#topic, event, payload]);
  }

  /** What Phoenix sends when a channel ends or breaks. */
  end(event: 'phx_close' | 'phx_error'): this {
    return this.send([this.#joinRef, this.#joinRef, this.#topic, event, {}]);
  }

  send(frame: unknown): this {
    this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
    return this;
  }

  close(code: number): void {
    this.socket.close(code);
  }

  /** Ends the connection without a word. */
  drop(): void {
    this.socket.terminate();
  }
}

/** A real WebSocket server whose every frame the test writes. */
export class ChannelServer {
  readonly #sockets = new WebSocketServer({ noServer: true });
  readonly #server = createServer();
  readonly #peers = new Line<Peer>();
  /** How many upgrades were asked for. */
  upgrades = 0;
  /** Statuses that the next upgrades are refused with. */
  readonly refusals: number[] = [];

  static async start(): Promise<ChannelServer> {
    const server = new ChannelServer();
    server.#server.on('upgrade', (request, socket, head) => server.#upgrade(request, socket, head));
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}/socket`;
  }

  /** The next socket that is opened. */
  peer(): Promise<Peer> {
    return this.#peers.take();
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.upgrades += 1;
    const refusal = this.refusals.shift();
    if (refusal !== undefined) {
      socket.end(`HTTP/1.1 ${refusal} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
      this.#peers.put(new Peer(webSocket, new URL(request.url ?? '', 'ws://host')));
    });
  }
}
