import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { readinessOf } from './system.js';

/** A connection that was opened through the balancer. */
export interface Opened {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The hub that took it; undefined: none did. */
  readonly hub: string | undefined;
}

interface Hub {
  readonly url: string;
  isReady: boolean;
  readonly links: Set<Link>;
}

interface Link {
  readonly client: Socket;
  readonly server: Socket;
  readonly hub: Hub;
  /** The text before which it is to be ended. */
  cutBefore: string | undefined;
  /** The end of what the server sent, as long as that text may have begun in it. */
  tail: string;
}

const askEveryMs = 50;
const endOfHead = '\r\n\r\n';
const unavailable = 'HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

/**
 * A load balancer as they are in front of hubs: it asks each whether it is ready, sends a new connection to the ready
 * one with the fewest, and to the next one when that answers 503 or not at all. It can cut connections, too.
 */
export class Balancer {
  /** All connections that clients opened, in order. */
  readonly opened: Opened[] = [];
  readonly #hubs: Hub[] = [];
  readonly #asking: NodeJS.Timeout;

  private constructor(private readonly server: Server) {
    server.on('connection', (client) => this.#take(client));
    this.#asking = setInterval(() => void this.#askAll(), askEveryMs);
  }

  /** Starts one on 127.0.0.1 with no hub behind it. Call `stop` in `afterAll`. */
  static async start(): Promise<Balancer> {
    const server = createServer({ noDelay: true });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Balancer(server);
  }

  /** For `HEADRACE_WEBSOCKET_URL`. */
  get websocketUrl(): string {
    return `ws://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Sends connections to a hub as well, once it is ready. */
  add(url: string): void {
    this.#hubs.push({ url, isReady: false, links: new Set() });
  }

  remove(url: string): void {
    const index = this.#hubs.findIndex((hub) => hub.url === url);
    if (index >= 0) this.#hubs.splice(index, 1);
  }

  isReady(url: string): boolean {
    return this.#hub(url)?.isReady ?? false;
  }

  /** Open connections to a hub; to all of them if none is named. */
  connections(url?: string): number {
    return this.#links(url).length;
  }

  /** Resets the open connections, of one hub if it is named. */
  cut(url?: string): void {
    for (const { client, server } of this.#links(url)) {
      client.resetAndDestroy();
      server.resetAndDestroy();
    }
  }

  /** Ends each connection that is open now as soon as its hub sends this text, which its client does not get. */
  cutBefore(text: string): void {
    for (const link of this.#links(undefined)) Object.assign(link, { cutBefore: text, tail: '' });
  }

  async stop(): Promise<void> {
    clearInterval(this.#asking);
    this.cut();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  #hub(url: string): Hub | undefined {
    return this.#hubs.find((hub) => hub.url === url);
  }

  #links(url: string | undefined): Link[] {
    return this.#hubs.filter((hub) => url === undefined || hub.url === url).flatMap(({ links }) => [...links]);
  }

  async #askAll(): Promise<void> {
    await Promise.all(this.#hubs.map(async (hub) => (hub.isReady = (await readinessOf(hub.url)) === 200)));
  }

  #take(client: Socket): void {
    let head = '';
    client.on('error', () => client.destroy());
    const read = (chunk: Buffer): void => {
      head += chunk.toString('latin1');
      if (!head.includes(endOfHead)) return;
      client.off('data', read).pause();
      this.#pass(client, head, []);
    };
    client.on('data', read);
  }

  /** Gives a request to a hub that has not had it yet. */
  #pass(client: Socket, head: string, asked: readonly Hub[]): void {
    const [hub] = this.#hubs
      .filter((one) => one.isReady && !asked.includes(one))
      .sort((one, other) => one.links.size - other.links.size);
    if (!hub || client.destroyed) {
      this.opened.push({ at: Date.now(), hub: undefined });
      client.end(unavailable);
      return;
    }
    const { hostname, port } = new URL(hub.url);
    const server = connect({ host: hostname, port: Number(port), noDelay: true });
    const link: Link = { client, server, hub, cutBefore: undefined, tail: '' };
    hub.links.add(link);
    const next = (): void => {
      hub.links.delete(link);
      server.removeAllListeners().on('error', () => undefined);
      server.destroy();
      this.#pass(client, head, [...asked, hub]);
    };
    server.once('error', next).once('close', next);
    server.once('data', (first: Buffer) => {
      if (first.toString('latin1').startsWith('HTTP/1.1 503')) return next();
      server.off('error', next).off('close', next);
      this.opened.push({ at: Date.now(), hub: hub.url });
      this.#join(link, first);
    });
    server.write(head, 'latin1');
  }

  #join(link: Link, first: Buffer): void {
    const { client, server, hub } = link;
    const end = (): void => {
      hub.links.delete(link);
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) socket.on('error', end).on('close', end);
    client.on('data', (chunk) => server.write(chunk)).on('end', () => server.end());
    server.on('data', (chunk: Buffer) => this.#answer(link, chunk)).on('end', () => client.end());
    this.#answer(link, first);
    client.resume();
  }

  #answer(link: Link, chunk: Buffer): void {
    const { client, server, cutBefore, tail } = link;
    if (!client.writable) return;
    const sent = tail + chunk.toString('latin1');
    const at = cutBefore === undefined ? -1 : sent.indexOf(cutBefore);
    if (at < 0) {
      if (cutBefore !== undefined) link.tail = sent.slice(-(cutBefore.length - 1));
      client.write(chunk);
      return;
    }
    link.hub.links.delete(link);
    server.removeAllListeners('close').destroy();
    // No reset, which might overtake what came before.
    client.end(chunk.subarray(0, Math.max(at - tail.length, 0)));
  }
}
