import {
  createServer,
  request,
  type ClientRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/** A proxy that gives each request to the next of its servers, and asks the one after it when there is none any more. */
export class RoundRobin {
  private count = 0;
  /** What is being asked, by the place of its server. */
  private readonly asked = new Map<ClientRequest, number>();
  private readonly killed = new Set<number>();
  /** Requests that each server answered, in the order of the servers. */
  readonly answered: number[];

  private constructor(
    private readonly http: Server,
    private readonly ports: readonly number[],
  ) {
    this.answered = ports.map(() => 0);
    http.on('request', (incoming: IncomingMessage, outgoing: ServerResponse) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => this.pass(incoming, Buffer.concat(chunks), outgoing, this.count++, ports.length));
    });
  }

  /** Starts it on a free port, in front of servers of this machine. */
  static async start(...urls: string[]): Promise<RoundRobin> {
    const http = createServer();
    const proxy = new RoundRobin(
      http,
      urls.map((url) => Number(new URL(url).port)),
    );
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  /** `ws://…/socket` */
  get url(): string {
    return `ws://127.0.0.1:${(this.http.address() as AddressInfo).port}/socket`;
  }

  /** From now on the server at a place is as one that was killed: what it was asked breaks off. */
  kill(index: number): void {
    this.killed.add(index);
    for (const [passed, place] of this.asked) if (place === index) passed.destroy(new Error('killed'));
  }

  async stop(): Promise<void> {
    this.http.closeAllConnections();
    await new Promise((resolve) => this.http.close(resolve));
  }

  private pass(incoming: IncomingMessage, body: Buffer, outgoing: ServerResponse, turn: number, tries: number): void {
    if (tries === 0) return void outgoing.writeHead(502).end();
    const index = turn % this.ports.length;
    if (this.killed.has(index)) return this.pass(incoming, body, outgoing, turn + 1, tries - 1);
    const { method = 'GET', url = '/', headers } = incoming;
    const passed = request({ host: '127.0.0.1', port: this.ports[index], method, path: url, headers, agent: false });
    this.asked.set(passed, index);
    passed.once('close', () => this.asked.delete(passed));
    const left = (): void => void passed.destroy();
    outgoing.once('close', left);
    passed.on('response', (answer) => {
      this.answered[index] = (this.answered[index] ?? 0) + 1;
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.on('error', () => outgoing.destroy());
      answer.pipe(outgoing);
    });
    passed.on('error', () => {
      outgoing.off('close', left);
      // What a killed server was asked is asked of nobody else: it may have been done.
      if (outgoing.headersSent || outgoing.destroyed || this.killed.has(index)) outgoing.destroy();
      else this.pass(incoming, body, outgoing, turn + 1, tries - 1);
    });
    passed.end(body);
  }
}
