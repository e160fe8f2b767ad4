import { tunnelCloseCodes, type HelloFrame, type ListenerSession } from '@headrace/contracts';
import type { ListenerTunnel } from '@headrace/event-log';
import { ApiError, authenticateRequest } from '@headrace/http';
import type { ProjectStore } from '@headrace/project-store';
import { newWebhookSecret } from '@headrace/secrets';
import type { Logger } from '@nestjs/common';
import type { WebSocket } from 'ws';
import type { ListenTunnelSettings } from '../listen-tunnel.config.js';
import { TunnelSocket, type Refusal } from '../socket/tunnel-socket.js';
import { HeldSession } from './held-session.js';

/** What a client's connection is served with. */
export interface ClientSurroundings {
  readonly project: string;
  /** Of the upgrade: its key is checked again and again. */
  readonly headers: { readonly authorization: string | undefined };
  readonly projects: ProjectStore;
  readonly tunnel: ListenerTunnel;
  readonly settings: ListenTunnelSettings;
  readonly logger: Logger;
  readonly onGone: () => void;
}

/** How long a client may take to say hello. */
const helloLimitMs = 10_000;

/** One connection of `headrace listen`, from its hello to its end. */
export class ListeningClient {
  readonly #socket: TunnelSocket;
  readonly #helloLimit: NodeJS.Timeout;
  readonly #gone = Promise.withResolvers<void>();
  #greeted = false;
  #session: HeldSession | undefined;

  constructor(
    webSocket: WebSocket,
    private readonly around: ClientSurroundings,
  ) {
    this.#socket = new TunnelSocket(webSocket, {
      onFrame: (frame) => void (frame.type === 'hello' ? this.#hello(frame) : this.#bye()),
      onClose: () => void this.#left(),
    });
    this.#helloLimit = setTimeout(() => {
      this.#socket.refuse({ code: 'invalid_frame', message: `No hello came within ${helloLimitMs / 1_000} s.` });
    }, helloLimitMs);
  }

  get project(): string {
    return this.around.project;
  }

  /** Regularly: pings, checks the key again and says that the session goes on. */
  async beat(): Promise<void> {
    this.#socket.ping();
    const refusal = await this.#keyRefusal();
    if (refusal) return this.#endRefused(refusal);
    await this.#session?.refresh().catch((error: unknown) => this.#complain('kept up', error));
  }

  /** Closes the connection; resolves when it is gone and that is told. */
  close(code: number): Promise<void> {
    this.#socket.close(code);
    return this.#gone.promise;
  }

  async #hello(hello: HelloFrame): Promise<void> {
    if (this.#greeted) return this.#socket.refuse({ code: 'invalid_frame', message: 'There was a hello already.' });
    this.#greeted = true;
    clearTimeout(this.#helloLimit);
    const { tunnel, settings, project } = this.around;
    const resumed = hello.session === undefined ? undefined : tunnel.find(project, hello.session);
    const refusal = (await this.#unknownWorkflow(hello)) ?? this.#tooMany(resumed);
    if (refusal) return this.#socket.refuse(refusal);
    const secret = hello.secret ?? newWebhookSecret();
    const graceMs = settings.graceSeconds * 1_000;
    const terms = { project, hello, resumed, secret, graceMs, refreshMs: settings.pingIntervalMs };
    const session = new HeldSession(tunnel, this.#socket, terms);
    this.#session = session;
    const welcome = () =>
      this.#socket.send({
        type: 'welcome',
        session: session.id,
        resumed: resumed !== undefined,
        secret,
        project_id: project,
        ping_interval_ms: settings.pingIntervalMs,
        grace_ms: graceMs,
      });
    try {
      await session.begin(welcome, () => this.#socket.close(tunnelCloseCodes.replaced));
      this.around.logger.log({ msg: 'listening', project_id: project, session_id: session.id, resumed: !!resumed });
    } catch (error) {
      this.#complain('begun', error);
      // The client tries again, as after a restart.
      this.#socket.close(tunnelCloseCodes.restart);
    }
  }

  async #bye(): Promise<void> {
    await this.#end();
    this.#socket.close(1_000);
  }

  async #endRefused(refusal: Refusal): Promise<void> {
    await this.#end();
    this.#socket.refuse(refusal);
  }

  async #end(): Promise<void> {
    await this.#session?.end().catch((error: unknown) => this.#complain('ended', error));
  }

  async #left(): Promise<void> {
    clearTimeout(this.#helloLimit);
    await this.#session?.leave().catch((error: unknown) => this.#complain('left', error));
    this.around.onGone();
    this.#gone.resolve();
  }

  /** Why the key is no longer good; undefined while it is, and while nobody can say. */
  async #keyRefusal(): Promise<Refusal | undefined> {
    const { projects, headers } = this.around;
    try {
      // An object of its own: what authentication found out is remembered by request.
      await authenticateRequest(projects, { headers: { ...headers } });
      return undefined;
    } catch (error) {
      const isRefusal = error instanceof ApiError && (error.status === 401 || error.status === 403);
      return isRefusal ? { code: error.code, message: error.message } : undefined;
    }
  }

  /** A misspelt workflow would be listened for in vain. */
  async #unknownWorkflow({ workflows = [] }: HelloFrame): Promise<Refusal | undefined> {
    const project = await this.around.projects.project(this.around.project).catch(() => undefined);
    // A request without a workflow goes by `provider/model`.
    const unknown = workflows.find((name) => !name.includes('/') && project?.workflows.has(name) === false);
    if (unknown === undefined) return undefined;
    const known = [...(project?.workflows.keys() ?? [])].join(', ') || 'none';
    const message = `The project has no workflow "${unknown}". Its workflows: ${known}.`;
    return { code: 'model_not_found', param: 'workflows', message };
  }

  #tooMany(resumed: ListenerSession | undefined): Refusal | undefined {
    const { tunnel, project, settings } = this.around;
    if (resumed || tunnel.sessionsOf(project).length < settings.sessionsPerProject) return undefined;
    const message =
      `The project has ${settings.sessionsPerProject} listening sessions, which is the limit. End one, or have the ` +
      'operator raise HEADRACE_LISTEN_SESSIONS_PER_PROJECT.';
    return { code: 'rate_limit_exceeded', message };
  }

  #complain(what: string, error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.around.logger.warn({ msg: `a listening session could not be ${what}`, project_id: this.project, reason });
  }
}
