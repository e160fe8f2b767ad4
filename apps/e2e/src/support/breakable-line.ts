import { connect, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** A network connection to a server that a test can break and mend. */
export class BreakableLine {
  readonly #sockets = new Set<Socket>();
  #broken = false;

  private constructor(private readonly server: Server) {}

  static async to(url: string): Promise<BreakableLine> {
    const { hostname, port } = new URL(url);
    const server = createServer((near) => line.#pass(near, connect(Number(port), hostname)));
    const line = new BreakableLine(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return line;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Breaks every connection; new ones fail until it is mended. */
  break(): void {
    this.#broken = true;
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  mend(): void {
    this.#broken = false;
  }

  async stop(): Promise<void> {
    this.break();
    await new Promise((resolve) => this.server.close(resolve));
  }

  #pass(near: Socket, far: Socket): void {
    for (const socket of [near, far]) {
      this.#sockets.add(socket);
      socket
        .on('error', () => undefined)
        .on('close', () => {
          this.#sockets.delete(socket);
          near.destroy();
          far.destroy();
        });
    }
    if (this.#broken) near.resetAndDestroy();
    else near.pipe(far).pipe(near);
  }
}
