import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { clientFrameLimit, tunnelCloseCodes } from '@headrace/contracts';
import { LISTENER_TUNNEL, type ListenerTunnel } from '@headrace/event-log';
import { ApiError, authenticateRequest, onUpgrade, refuseUpgradeWith, toApiError } from '@headrace/http';
import { ProjectStore } from '@headrace/project-store';
import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleInit,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { WebSocketServer, type WebSocket } from 'ws';
import { ListenTunnelSettings } from './listen-tunnel.config.js';
import { ListeningClient } from './session/listening-client.js';
import { isListenPath } from './socket/webhook-frame.js';

/** Serves the tunnels of this process, on its HTTP server, from start to shutdown. */
@Injectable()
export class ListenTunnel implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #logger = new Logger('listen-tunnel');
  readonly #clients = new Set<ListeningClient>();
  readonly #webSockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: clientFrameLimit,
  });
  #heartbeat: NodeJS.Timeout | undefined;
  #closing = false;

  constructor(
    private readonly adapters: HttpAdapterHost,
    private readonly projects: ProjectStore,
    private readonly settings: ListenTunnelSettings,
    @Inject(LISTENER_TUNNEL) private readonly tunnel: ListenerTunnel,
  ) {}

  onModuleInit(): Promise<void> {
    return this.tunnel.ready();
  }

  onApplicationBootstrap(): void {
    onUpgrade(this.adapters.httpAdapter.getHttpServer() as Server, (request, socket, head) => {
      if (!isListenPath(request.url)) return false;
      void this.#upgrade(request, socket, head);
      return true;
    });
    this.#heartbeat = setInterval(() => {
      for (const client of this.#clients) void client.beat();
    }, this.settings.pingIntervalMs);
    this.#heartbeat.unref();
  }

  /** Before the HTTP server stops, which waits for its connections: clients come back to another process. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#closing = true;
    clearInterval(this.#heartbeat);
    await Promise.all([...this.#clients].map((client) => client.close(tunnelCloseCodes.restart)));
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    // Until ws takes over, a broken connection must not become an uncaught error.
    const ignore = (): void => undefined;
    socket.on('error', ignore);
    try {
      const { projectId } = await authenticateRequest(this.projects, request);
      this.#requireRoom(projectId);
      socket.off('error', ignore);
      const { authorization } = request.headers;
      this.#webSockets.handleUpgrade(request, socket, head, (webSocket) => {
        this.#open(webSocket, projectId, authorization);
      });
    } catch (error) {
      const known = toApiError(error);
      if (!known) this.#logger.error(`An upgrade of a tunnel failed: ${String(error)}`);
      refuseUpgradeWith(socket, known ?? new ApiError('internal_error', 'Something failed on our side.'));
    }
  }

  /** Bounds the sockets of a project; twice its sessions, since each may have an old one that nobody has given up yet. */
  #requireRoom(project: string): void {
    const headers = { 'retry-after': '1' };
    if (this.#closing) throw new ApiError('service_unavailable', 'This process stops. Try again shortly.', { headers });
    const open = [...this.#clients].filter((client) => client.project === project).length;
    if (open < 2 * Math.max(this.settings.sessionsPerProject, 1)) return;
    const message = 'The project has too many listening connections. End some of them.';
    throw new ApiError('rate_limit_exceeded', message, { headers });
  }

  #open(webSocket: WebSocket, project: string, authorization: string | undefined): void {
    const client = new ListeningClient(webSocket, {
      project,
      headers: { authorization },
      projects: this.projects,
      tunnel: this.tunnel,
      settings: this.settings,
      logger: this.#logger,
      onGone: () => this.#clients.delete(client),
    });
    this.#clients.add(client);
  }
}
