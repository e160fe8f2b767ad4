import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Frame } from '../phoenix-frame.js';
import { answerPoll, PollSession } from './poll-session.js';

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
    private readonly socket: WebSocket | PollSession,
    readonly url: URL,
  ) {
    (socket as PollSession).on('message', (data: Buffer) => this.#texts.put(data.toString()));
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

/** A real server of WebSockets, and of long polls if it is told to, whose every frame the test writes. */
export class ChannelServer {
  readonly #sockets = new WebSocketServer({ noServer: true });
  readonly #server = createServer();
  readonly #peers = new Line<Peer>();
  readonly #swallowed = new Line<Duplex>();
  readonly #swallowing = new Set<Duplex>();
  /** How many upgrades were asked for. */
  upgrades = 0;
  /** Statuses that the next upgrades are refused with. */
  readonly refusals: number[] = [];
  /** Whether upgrades are left without an answer, as some networks do. */
  swallows = false;
  /** Whether it answers long polls; else there is no such page. */
  polls = false;
  /** Bodies that the next polls are answered with, whatever they ask. */
  readonly pollAnswers: object[] = [];
  /** Methods and addresses of all requests but upgrades. */
  readonly requests: string[] = [];
  readonly sessions: PollSession[] = [];

  static async start(): Promise<ChannelServer> {
    const server = new ChannelServer();
    server.#server.on('request', (request, response) => void server.#answer(request, response));
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

  /** The connection of the next upgrade that is left without an answer. */
  swallowed(): Promise<Duplex> {
    return this.#swallowed.take();
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets.clients) socket.terminate();
    for (const socket of this.#swallowing) socket.destroy();
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.upgrades += 1;
    if (this.swallows) {
      this.#swallowing.add(socket.on('error', () => undefined).resume());
      this.#swallowed.put(socket);
      return;
    }
    const refusal = this.refusals.shift();
    if (refusal !== undefined) {
      socket.end(`HTTP/1.1 ${refusal} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
      this.#peers.put(new Peer(webSocket, new URL(request.url ?? '', 'ws://host')));
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.requests.push(`${request.method} ${request.url}`);
    const url = new URL(request.url ?? '', 'http://host');
    const answer = this.pollAnswers.shift();
    const [, session] = url.searchParams.getAll('token');
    if (answer) answerPoll(response, answer);
    else if (!this.polls || !url.pathname.endsWith('/longpoll')) response.writeHead(404).end('There is no such page.');
    else if (session === undefined) this.#open(url, response);
    else if (request.method === 'GET') this.sessions[Number(session)]?.poll(response);
    else {
      await this.sessions[Number(session)]?.receive(request);
      answerPoll(response, { status: 200 });
    }
  }

  #open(url: URL, response: ServerResponse): void {
    const session = new PollSession();
    const token = String(this.sessions.push(session) - 1);
    this.#peers.put(new Peer(session, url));
    answerPoll(response, { status: 410, token });
  }
}
