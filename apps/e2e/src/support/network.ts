import { once } from 'node:events';
import { createServer, request as ask, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';

/** What is done to WebSockets: nothing; the connection is cut; they open, and nothing comes through. */
export type WebSockets = 'pass' | 'blocked' | 'silent';

/** A request as it came by. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly isUpgrade: boolean;
  readonly headers: IncomingMessage['headers'];
}

/** The network between a browser and a hub, as proxies and firewalls make it. */
export class Network {
  webSockets: WebSockets = 'pass';
  /** All that came by since the test emptied it. */
  readonly requests: SeenRequest[] = [];
  readonly #connections = new Set<Duplex>();
  #broken = false;
  readonly #silent = new WebSocketServer({ noServer: true });

  private constructor(
    private readonly server: Server,
    private readonly target: URL,
  ) {
    server.on('connection', (connection) => {
      this.#keep(connection);
      if (this.#broken) connection.destroy();
    });
    server.on('request', (request, response) => {
      this.#see(request);
      this.#forward(request, response);
    });
    server.on('upgrade', (request, near, head) => {
      this.#see(request, true);
      if (this.webSockets === 'blocked') near.destroy();
      else if (this.webSockets === 'silent') this.#silent.handleUpgrade(request, near, head, () => undefined);
      else this.#tunnel(request, near, head);
    });
  }

  /** A network before an address of plain HTTP. Call `stop` in `afterAll`. */
  static async before(url: string): Promise<Network> {
    const network = new Network(createServer(), new URL(url));
    network.server.listen(0, '127.0.0.1');
    await once(network.server, 'listening');
    return network;
  }

  /** `ws://…/socket`, as `websocket_url`. */
  get websocketUrl(): string {
    return this.webSocketTo('/socket');
  }

  /** `ws://…` of a path. */
  webSocketTo(path: string): string {
    return `ws://127.0.0.1:${(this.server.address() as AddressInfo).port}${path}`;
  }

  /** Cuts all connections that are there; others may come. */
  cut(): void {
    for (const connection of this.#connections) connection.destroy();
  }

  /** Cuts all connections, also those that come, until it is mended. */
  break(): void {
    this.#broken = true;
    this.cut();
  }

  mend(): void {
    this.#broken = false;
  }

  async stop(): Promise<void> {
    this.cut();
    this.server.close();
    await once(this.server, 'close');
  }

  #see({ method = '', url = '', headers }: IncomingMessage, isUpgrade = false): void {
    this.requests.push({ method, path: url.split('?')[0] ?? '', isUpgrade, headers });
  }

  #keep(connection: Duplex): void {
    this.#connections.add(connection);
    connection.on('error', () => undefined).on('close', () => this.#connections.delete(connection));
  }

  #forward(request: IncomingMessage, response: ServerResponse): void {
    const { method, headers } = request;
    const forwarded = ask(new URL(request.url ?? '/', this.target), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    forwarded.on('error', () => response.destroy());
    response.on('close', () => forwarded.destroy());
    request.pipe(forwarded);
  }

  #tunnel({ method, url, rawHeaders }: IncomingMessage, near: Duplex, head: Buffer): void {
    const far = connect(Number(this.target.port), this.target.hostname);
    this.#keep(far);
    far.on('close', () => near.destroy());
    near.on('close', () => far.destroy());
    const lines = rawHeaders.map((text, index) => (index % 2 === 0 ? `\r\n${text}: ` : text));
    far.write(`${method} ${url} HTTP/1.1${lines.join('')}\r\n\r\n`);
    far.write(head);
    far.pipe(near).pipe(far);
  }
}
