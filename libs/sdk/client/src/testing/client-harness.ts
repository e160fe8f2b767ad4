import { HeadraceClient } from '../client.js';
import type { AIResponse, ConnectOptions, ModelRiverClientOptions } from '../types.js';
import { ChannelServer, type Peer } from './channel-server.js';
import { recordEvents, StorageInMemory } from './recorded-client.js';

/** A server, and clients of it that go with it. */
export class ClientHarness {
  readonly storage = new StorageInMemory();
  readonly #clients: HeadraceClient[] = [];

  private constructor(readonly server: ChannelServer) {}

  static async start(): Promise<ClientHarness> {
    return new ClientHarness(await ChannelServer.start());
  }

  /** A page that has just been loaded. `seen` is what it is told. */
  page(options: ModelRiverClientOptions = {}) {
    const client = new HeadraceClient({ baseUrl: this.server.url, storage: this.storage, ...options });
    this.#clients.push(client);
    return { client, seen: recordEvents(client) };
  }

  /** A page that follows a request, and the server's end of its socket, joined. */
  async following(options: ModelRiverClientOptions = {}, request: Partial<ConnectOptions> = {}) {
    const page = this.page(options);
    page.client.connect({ ...aRequest, ...request });
    return { ...page, peer: await this.joined() };
  }

  async joined(): Promise<Peer> {
    return (await this.server.peer()).join();
  }

  async stop(): Promise<void> {
    for (const client of this.#clients) client.destroy();
    await this.server.stop();
  }
}

export const aRequest = { channelId: 'c', wsToken: 't', websocketChannel: 'ai_response:p:c' };

export const aSuccess: AIResponse = {
  status: 'success',
  channel_id: 'c',
  content: 'Once upon',
  meta: { status: 'success' },
};
export const aGenerated: AIResponse = { status: 'ai_generated', channel_id: 'c', meta: { duration_ms: 70 } };
export const aCompletion: AIResponse = { status: 'completed', channel_id: 'c', data: { id: 1 } };
export const aFailure: AIResponse = {
  status: 'error',
  channel_id: 'c',
  error: { message: 'The backend did not call back.', code: 'callback_timeout' },
  meta: { status: 'error' },
};
