import type { ClientTunnelFrame, ListenerSession, ServerTunnelFrame, TunnelDelivery } from '@headrace/contracts';
import { LISTENER_TUNNEL } from '@headrace/event-log';
import { InMemoryListenerTunnel } from '@headrace/event-log/testing';
import { aProject, keyOf, projectId, ProjectsInMemory, startHttp, type HttpHarness } from '@headrace/http/testing';
import { ProjectStore, type AuthenticatedKey } from '@headrace/project-store';
import { WebSocket } from 'ws';
import { ListenTunnelSettings } from '../listen-tunnel.config.js';
import { ListenTunnelModule } from '../listen-tunnel.module.js';

export const otherProject = '0198d6a0-0000-7000-8000-000000000002';
const sleepingProject = '0198d6a0-0000-7000-8000-000000000003';
/** Key of a project that is not active. */
export const sleepingKey = keyOf(sleepingProject);

/** Projects whose keys can be revoked. */
class RevocableProjects extends ProjectsInMemory {
  readonly revoked = new Set<string>();

  override authenticate(apiKey: string): Promise<AuthenticatedKey | undefined> {
    return this.revoked.has(apiKey) ? Promise.resolve(undefined) : super.authenticate(apiKey);
  }
}

/** The tunnel's service as it runs in a process, with sessions in memory. */
export class TunnelHarness {
  readonly tunnel = new InMemoryListenerTunnel();
  readonly projects = new RevocableProjects(
    aProject(),
    aProject({ id: otherProject }),
    aProject({ id: sleepingProject, active: false }),
  );
  readonly #clients: TunnelClient[] = [];
  #http: HttpHarness | undefined;

  static async start(settings: Partial<ListenTunnelSettings> = {}): Promise<TunnelHarness> {
    const harness = new TunnelHarness();
    harness.#http = await startHttp({
      modules: [ListenTunnelModule],
      providers: [
        { provide: ListenTunnelSettings, useValue: Object.assign(new ListenTunnelSettings(), settings) },
        { provide: ProjectStore, useValue: harness.projects },
        { provide: LISTENER_TUNNEL, useValue: harness.tunnel },
      ],
    });
    return harness;
  }

  get http(): HttpHarness {
    if (!this.#http) throw new Error('The service does not run.');
    return this.#http;
  }

  /** Connects with a key; rejects with `{status, body}` when the upgrade is refused. */
  async connect(key: string | undefined = keyOf(projectId), path = '/v1/listen'): Promise<TunnelClient> {
    const client = await TunnelClient.connect(`${this.http.url.replace('http', 'ws')}${path}`, key);
    this.#clients.push(client);
    return client;
  }

  /** A client whose session is on, with its `welcome`. */
  async listen(hello: Partial<Extract<ClientTunnelFrame, { type: 'hello' }>> = {}, key?: string) {
    const client = await this.connect(key);
    client.send({ type: 'hello', protocol: 1, ...hello });
    const welcome = await client.frame();
    if (welcome.type !== 'welcome') throw new Error(JSON.stringify(welcome));
    return { client, welcome };
  }

  /** Resolves to the next session that is told of and fits. */
  told(fits: (session: ListenerSession) => boolean): Promise<ListenerSession> {
    return new Promise((resolve) => {
      const listening = this.tunnel.onChange((session) => {
        if (!fits(session)) return;
        listening.close();
        resolve(session);
      });
    });
  }

  /** Asks for a delivery as the dispatcher does. */
  deliver(session: string, delivery: Partial<TunnelDelivery> = {}) {
    const known = this.tunnel.find(projectId, session);
    if (!known) throw new Error(`${session} is over.`);
    return this.tunnel.ask(known, aDelivery(delivery), { limitMs: 5_000, signal: new AbortController().signal });
  }

  async stop(): Promise<void> {
    for (const client of this.#clients) client.drop();
    await this.http.close();
  }
}

export const aDelivery = (overrides: Partial<TunnelDelivery> = {}): TunnelDelivery => ({
  channel: '3f9f6b8e-0000-4000-8000-000000000001',
  deliveryId: 'dlv_1',
  attempt: 1,
  webhookType: 'task.completed',
  messageId: 'msg_1',
  body: '{"type":"task.completed","data":{"text":"ü€😀"}}',
  callbackUrl: null,
  traceParent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  timeLimitMs: 5_000,
  ...overrides,
});

/** A client that sends what a test says, frame by frame. */
export class TunnelClient {
  /** Resolves to the close code. */
  readonly closed: Promise<number>;
  readonly #frames: ServerTunnelFrame[] = [];
  readonly #waiting: ((frame: ServerTunnelFrame) => void)[] = [];

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => {
      const frame = JSON.parse(data.toString()) as ServerTunnelFrame;
      const waiting = this.#waiting.shift();
      if (waiting) waiting(frame);
      else this.#frames.push(frame);
    });
    socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => socket.on('close', resolve));
  }

  static connect(url: string, key: string | undefined): Promise<TunnelClient> {
    const headers = key === undefined ? {} : { Authorization: `Bearer ${key}` };
    const socket = new WebSocket(url, { headers });
    return new Promise((resolve, reject) => {
      const client = new TunnelClient(socket);
      socket.on('open', () => resolve(client)).on('error', reject);
      socket.on('unexpected-response', (_request, response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => reject(Object.assign(new Error(text), { status: response.statusCode })));
      });
    });
  }

  send(frame: ClientTunnelFrame): void {
    this.socket.send(JSON.stringify(frame));
  }

  /** The next frame. */
  frame(): Promise<ServerTunnelFrame> {
    const frame = this.#frames.shift();
    return frame ? Promise.resolve(frame) : new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Breaks the connection without a word. */
  drop(): void {
    this.socket.terminate();
  }
}
