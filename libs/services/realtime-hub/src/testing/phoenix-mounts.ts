import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PhoenixOptions } from '../phoenix/phoenix-options.js';
import { PhoenixServer } from '../phoenix/phoenix-server.js';

/** Bounds that no test meets by accident. */
export const wideLimits = {
  maxFrameBytes: 64 * 1024,
  maxBufferedBytes: 1024 * 1024,
  maxChannels: 100,
  idleTimeoutMs: 60_000,
} as const;

/** Options of a mount that lets everybody in. */
export const openMount = {
  path: '/socket',
  limits: wideLimits,
  allowedOrigins: [],
  acceptAuthSubprotocol: false,
  acknowledgeStaleLeave: false,
  connect: () => ({ session: undefined }),
  channelFor: () => undefined,
  onFault: () => undefined,
} satisfies PhoenixOptions<unknown>;

/** Phoenix servers on one HTTP server at a free port. */
export class PhoenixMounts {
  readonly servers: PhoenixServer<unknown>[] = [];

  private constructor(readonly http: Server) {}

  static async start(...mounts: Partial<PhoenixOptions<unknown>>[]): Promise<PhoenixMounts> {
    const mounted = new PhoenixMounts(createServer());
    for (const options of mounts) {
      const server = new PhoenixServer<unknown>({ ...openMount, ...options });
      server.attach(mounted.http);
      mounted.servers.push(server);
    }
    await new Promise<void>((resolve) => mounted.http.listen(0, '127.0.0.1', resolve));
    return mounted;
  }

  /** `ws://…` of a path. */
  url(path: string): string {
    return `ws://127.0.0.1:${(this.http.address() as AddressInfo).port}${path}`;
  }

  async stop(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.close(100)));
    await new Promise((resolve) => this.http.close(resolve));
  }
}
