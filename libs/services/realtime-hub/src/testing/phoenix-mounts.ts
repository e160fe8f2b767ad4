import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InMemoryLongPollPeers } from '@headrace/event-log/testing';
import { LongPollTokens } from '@headrace/secrets';
import type { LongPollLimits } from '../phoenix/long-poll/long-poll-limits.js';
import { LongPollServer } from '../phoenix/long-poll/long-poll-server.js';
import type { PhoenixOptions } from '../phoenix/phoenix-options.js';
import { PollCounts } from '../phoenix/long-poll/poll-counts.js';
import { PhoenixServer } from '../phoenix/phoenix-server.js';

/** Bounds that no test meets by accident. */
export const wideLimits = {
  maxFrameBytes: 64 * 1024,
  maxBufferedBytes: 1024 * 1024,
  maxChannels: 100,
  maxFramesPerTenSeconds: 10_000,
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

/** Bounds of long polls that no test meets by accident, on a busy machine neither. */
export const widePolls = { windowMs: 5_000, maxSessions: 100, maxBodyBytes: 1024 * 1024 } as const;

const tokens = new LongPollTokens('a master key of at least 32 characters');

/** What of a mount is not as usual. */
export interface Mount extends Partial<PhoenixOptions<unknown>> {
  readonly polls?: Partial<LongPollLimits>;
  /** The way to other hubs; without it there are none. */
  readonly peers?: InMemoryLongPollPeers;
  /** Long-poll requests of one address within a minute. */
  readonly maxPolls?: number;
}

/** Phoenix servers on one HTTP server at a free port, each with long polls. */
export class PhoenixMounts {
  readonly servers: PhoenixServer<unknown>[] = [];
  readonly longPolls: LongPollServer<unknown>[] = [];

  private constructor(readonly http: Server) {
    http.on('request', (request, response) => {
      const path = request.url?.split('?')[0];
      const index = this.servers.findIndex(({ options }) => path === `${options.path}/longpoll`);
      if (index < 0) response.writeHead(404).end();
      else void this.longPolls[index]?.handle(request, response);
    });
  }

  static async start(...mounts: Mount[]): Promise<PhoenixMounts> {
    const mounted = new PhoenixMounts(createServer());
    for (const { polls, peers = new InMemoryLongPollPeers(), maxPolls = 0, ...options } of mounts) {
      const server = new PhoenixServer<unknown>({ ...openMount, ...options });
      server.attach(mounted.http);
      mounted.servers.push(server);
      const counts = new PollCounts(maxPolls, () => '127.0.0.1');
      const longPolls = new LongPollServer(server, { limits: { ...widePolls, ...polls }, tokens, peers, counts });
      longPolls.start();
      mounted.longPolls.push(longPolls);
    }
    await new Promise<void>((resolve) => mounted.http.listen(0, '127.0.0.1', resolve));
    return mounted;
  }

  /** `http://…` of a path. */
  httpUrl(path: string): string {
    return this.url(path).replace('ws:', 'http:');
  }

  /** `ws://…` of a path. */
  url(path: string): string {
    return `ws://127.0.0.1:${(this.http.address() as AddressInfo).port}${path}`;
  }

  async stop(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.close(100)));
    for (const longPolls of this.longPolls) longPolls.close();
    await new Promise((resolve) => this.http.close(resolve));
  }
}
