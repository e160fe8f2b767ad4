import type { ChannelConnection } from '../channel-connection.js';
import type { ChannelOptions } from '../channel-listener.js';
import { ChannelServer, type Peer } from './channel-server.js';
import { PageInNode } from './page-in-node.js';
import { connectTo } from './recorded-connection.js';

/** A server of WebSockets and long polls, a page, and connections between them that go with it. */
export class ConnectionHarness {
  page = PageInNode.open();
  readonly #connections: ChannelConnection[] = [];

  private constructor(readonly server: ChannelServer) {}

  static async start(): Promise<ConnectionHarness> {
    const server = await ChannelServer.start();
    server.polls = true;
    return new ConnectionHarness(server);
  }

  connect(options: Partial<ChannelOptions> = {}) {
    const started = connectTo(this.server, options);
    this.#connections.push(started.connection);
    return started;
  }

  /** What the next socket is that is opened; its join is answered. */
  async joinedOver(): Promise<string> {
    return transportOf(await (await this.server.peer()).join());
  }

  /** From now on no WebSocket gets through. */
  refuseAll(): void {
    this.server.refusals.push(...Array<number>(50).fill(403));
  }

  async stop(): Promise<void> {
    for (const connection of this.#connections) connection.close();
    await this.server.stop();
    this.page.leave();
  }
}

export const transportOf = ({ url }: Peer): string => url.pathname.split('/').at(-1) ?? '';

export async function answerHeartbeat(peer: Peer): Promise<void> {
  const [, ref] = await peer.frame();
  peer.send([null, ref, 'phoenix', 'phx_reply', { status: 'ok', response: {} }]);
}
