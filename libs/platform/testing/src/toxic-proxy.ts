import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';

/** What the network does to connections, those that are open included. */
export interface Toxic {
  /** Added to everything, in both directions, in milliseconds. */
  readonly latencyMs?: number;
  /** Nothing gets through any more, in neither direction, and nobody is told. */
  readonly blackHole?: boolean;
  /** A connection is reset once the server has sent so many bytes over it. */
  readonly resetAfterBytes?: number;
  /** A connection is closed, as if all had been said, once the server has sent so many bytes over it. */
  readonly truncateAfterBytes?: number;
}

interface Link {
  readonly client: Socket;
  readonly server: Socket;
  /** Bytes that the server has sent since the last change of the network. */
  sent: number;
}

/** A network between a client and a server that can be made bad: TCP that is passed on, late, in part or not at all. */
export class ToxicProxy {
  private toxic: Toxic = {};
  private readonly links = new Set<Link>();

  private constructor(
    private readonly listener: Server,
    private readonly target: { readonly host: string; readonly port: number },
  ) {
    listener.on('connection', (client: Socket) => this.join(client));
  }

  /** Starts a proxy on 127.0.0.1 that leads to where `url` points. Call `stop` in `afterAll`. */
  static async start(url: string): Promise<ToxicProxy> {
    const { hostname: host, port } = new URL(url);
    const listener = createServer({ noDelay: true });
    const proxy = new ToxicProxy(listener, { host, port: Number(port) });
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    return (this.listener.address() as AddressInfo).port;
  }

  /** The same address as the real one, by way of the proxy. */
  through(url: string): string {
    const detour = new URL(url);
    detour.hostname = '127.0.0.1';
    detour.port = String(this.port);
    return detour.href.replace(/\/$/, '');
  }

  /** How many connections are open. */
  get connections(): number {
    return this.links.size;
  }

  /** Makes the network so from now on. */
  become(toxic: Toxic): void {
    this.toxic = toxic;
    for (const link of this.links) {
      link.sent = 0;
      link.client.resume();
      link.server.resume();
    }
  }

  /** The network is as good as new; connections that fell into a black hole stay broken, so they are reset. */
  heal(): void {
    const lost = this.toxic.blackHole === true;
    this.become({});
    if (lost) this.resetAll();
  }

  /** Resets every connection that is open. */
  resetAll(): void {
    for (const { client, server } of this.links) {
      client.resetAndDestroy();
      server.resetAndDestroy();
    }
  }

  async stop(): Promise<void> {
    this.resetAll();
    await new Promise<void>((resolve) => this.listener.close(() => resolve()));
  }

  private join(client: Socket): void {
    const server = connect({ ...this.target, noDelay: true });
    const link: Link = { client, server, sent: 0 };
    this.links.add(link);
    const end = (): void => {
      this.links.delete(link);
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) socket.on('error', end).on('close', end);
    client.on('data', (chunk: Buffer) => this.pass(chunk, server));
    server.on('data', (chunk: Buffer) => this.answer(chunk, link));
    client.on('end', () => server.end());
    server.on('end', () => client.end());
  }

  private answer(chunk: Buffer, link: Link): void {
    const { resetAfterBytes, truncateAfterBytes } = this.toxic;
    const limit = resetAfterBytes ?? truncateAfterBytes;
    const left = limit === undefined ? chunk.length : Math.max(limit - link.sent, 0);
    link.sent += chunk.length;
    if (chunk.length <= left) return this.pass(chunk, link.client);
    if (resetAfterBytes !== undefined) {
      link.client.resetAndDestroy();
      link.server.resetAndDestroy();
      return;
    }
    link.client.end(chunk.subarray(0, left));
    link.server.destroy();
  }

  private pass(chunk: Buffer, to: Socket): void {
    const { blackHole, latencyMs } = this.toxic;
    if (blackHole) return;
    const write = (): void => {
      if (to.writable) to.write(chunk);
    };
    // Timers of the same length fire in the order in which they were set, so bytes stay in order.
    if (latencyMs === undefined) write();
    else setTimeout(write, latencyMs);
  }
}
