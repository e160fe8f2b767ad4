import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { onUpgrade, refuseUpgrade, SharesInUse, type Share } from '@headrace/http';
import { WebSocketServer, type ServerOptions, type WebSocket } from 'ws';
import { OwnedWebSocket } from './owned-web-socket.js';
import type { ConnectionOwner, PhoenixConnection } from './phoenix-connection.js';
import type { PhoenixOptions } from './phoenix-options.js';
import { closeCodes, PhoenixSocket } from './phoenix-socket.js';
import type { Client, SocketHost } from './socket-host.js';
import { phoenixSubprotocol, readUpgrade, type AcceptedUpgrade } from './upgrade-request.js';

/** Milliseconds that a client has to answer a close before its connection is cut. */
const closeTimeout = 5_000;
/**
 * Bytes that a piece of a large frame has on average, at least: fragments, and reads of the connection. Each piece costs
 * up to a KiB while its frame is not whole, so that bytes sent one by one would cost a thousand times their size.
 */
const smallestPiece = 256;
/** However small frames may be, they may come in so many pieces. */
const fewestPieces = 64;
/** Looks at idle sockets this often within one idle time, which bounds how late a close can be. */
const ticksPerTimeout = 20;
/** Between two batches of sockets that are closed at shutdown. */
const closeEveryMs = 100;
/** However many sockets there are, all are closed within this time. */
const longestClosingMs = 10_000;
const noShares: readonly Share[] = [];

/**
 * A Phoenix channels server: one mount on an HTTP server, version 1 and 2, over WebSockets and what is adopted.
 *
 * What a topic does is a `ChannelHandler`; who may connect is `options.connect`. One timer serves all sockets.
 */
export class PhoenixServer<Session> implements SocketHost<Session> {
  tick = 0;
  readonly #sockets = new Set<PhoenixSocket<Session>>();
  readonly #webSockets: InstanceType<typeof WebSocketServer<typeof OwnedWebSocket>>;
  readonly #shares: SharesInUse;
  #sweep: NodeJS.Timeout | undefined;
  /** Whether it takes no more clients. */
  closing = false;
  #onEmpty: (() => void) | undefined;

  constructor(readonly options: PhoenixOptions<Session>) {
    this.#shares = options.sharesInUse ?? new SharesInUse();
    this.#webSockets = new WebSocketServer<typeof OwnedWebSocket>(webSocketOptions(options));
  }

  /** Open sockets, parked ones included. */
  get size(): number {
    return this.#sockets.size;
  }

  /** Serves upgrades of an HTTP server under its mount path, and starts looking for idle sockets. */
  attach(server: Server): void {
    onUpgrade(server, (request, socket, head) => {
      const reading = readUpgrade(request, this.options);
      if (reading.kind === 'elsewhere') return false;
      if (reading.kind === 'refused') refuseUpgrade(socket, reading.status);
      else void this.#upgrade(reading, request, socket, head);
      return true;
    });
    this.#sweep = setInterval(() => this.#closeIdle(), this.options.limits.idleTimeoutMs / ticksPerTimeout);
    this.#sweep.unref();
  }

  /** Closes the sockets that `which` picks. The default code makes Phoenix clients reconnect. */
  closeSockets(which: (session: Session) => boolean, code: number = closeCodes.goingAway): void {
    for (const socket of this.#sockets) if (which(socket.session)) socket.close(code);
  }

  /**
   * Refuses new sockets, closes the open ones with 1012 in batches, and after `graceMs` cuts what is left. Clients come
   * back as fast as they are closed, most of them within milliseconds: `perSecond` is what those who take them bear.
   */
  async close(graceMs = 2_000, perSecond = Infinity): Promise<void> {
    this.closing = true;
    clearInterval(this.#sweep);
    await this.#closeAll(Math.max(perSecond, (this.#sockets.size * 1_000) / longestClosingMs));
    if (this.#sockets.size === 0) return;
    const cut = setTimeout(() => this.#sockets.forEach((socket) => socket.terminate()), graceMs);
    await new Promise<void>((resolve) => (this.#onEmpty = resolve));
    clearTimeout(cut);
  }

  async #closeAll(perSecond: number): Promise<void> {
    const started = performance.now();
    /** By the clock, as a busy process is late for each of its batches. */
    const due = (): number => Math.floor((perSecond * (performance.now() - started + closeEveryMs)) / 1_000);
    let closed = 0;
    // Sockets that close meanwhile leave the set, and none comes.
    for (const socket of this.#sockets) {
      while (closed >= due()) await delay(closeEveryMs);
      socket.close(closeCodes.restart);
      closed += 1;
    }
  }

  async #upgrade(reading: AcceptedUpgrade, request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    // Until ws takes over, a broken connection must not become an uncaught error.
    socket.on('error', ignoreError);
    try {
      const outcome = await this.options.connect(reading.request);
      if ('refuse' in outcome) return refuseUpgrade(socket, outcome.refuse.status, outcome.refuse.body);
      if (this.closing) return refuseUpgrade(socket, 503);
      const shares = this.sharesOf(outcome.session, request);
      const refusal = this.refusalOf(shares);
      if (refusal !== undefined) return refuseUpgrade(socket, 429, refusal);
      socket.off('error', ignoreError);
      this.#webSockets.handleUpgrade(request, socket, head, (webSocket) => {
        webSocket.connection = socket;
        this.#open(webSocket, { serializer: reading.serializer, session: outcome.session, shares });
      });
    } catch (error) {
      this.options.onFault('connect', error);
      refuseUpgrade(socket, 500);
    }
  }

  #open(webSocket: OwnedWebSocket, client: Client<Session>): void {
    webSocket.owner = this.adopt(webSocket, client);
    webSocket.on('message', onMessage).on('ping', onPing).on('pong', onPing);
    webSocket.on('error', ignoreError).on('close', onClose);
  }

  /** What the client of a request shares with others. */
  sharesOf(session: Session, request: IncomingMessage): readonly Share[] {
    return this.options.sharesOf?.(session, request) ?? noShares;
  }

  /** Why another socket may not open; undefined if it may. */
  refusalOf(shares: readonly Share[]): string | undefined {
    const full = this.#shares.fullForSocket(shares);
    return full && `too many sockets of this ${full.what}`;
  }

  /** Serves a connection of whatever kind; who made it tells the owner what it hears. */
  adopt(connection: PhoenixConnection, client: Client<Session>): ConnectionOwner {
    const socket = new PhoenixSocket(this, connection, client);
    this.#shares.opened(client.shares);
    this.#sockets.add(socket);
    return socket;
  }

  refusalOfJoin(shares: readonly Share[]): string | undefined {
    const full = this.#shares.fullForJoin(shares, Date.now());
    return full && `too many joins of this ${full.what}`;
  }

  forget(socket: PhoenixSocket<Session>): void {
    if (this.#sockets.delete(socket)) this.#shares.closed(socket.shares);
    if (this.#sockets.size === 0) this.#onEmpty?.();
  }

  #closeIdle(): void {
    this.tick += 1;
    const oldest = this.tick - ticksPerTimeout;
    for (const socket of this.#sockets) if (socket.silentSince(oldest)) socket.close(closeCodes.idle);
  }
}

function webSocketOptions({
  limits,
  acceptAuthSubprotocol,
}: Pick<PhoenixOptions<unknown>, 'limits' | 'acceptAuthSubprotocol'>): ServerOptions<typeof OwnedWebSocket> & {
  closeTimeout: number;
  maxFragments: number;
  maxBufferedChunks: number;
} {
  const mostPieces = Math.max(fewestPieces, Math.ceil(limits.maxFrameBytes / smallestPiece));
  return {
    noServer: true,
    clientTracking: false,
    // Measured (bench/sockets.ts): 223 instead of 5 KiB a socket, and five times the CPU time of a delivery.
    perMessageDeflate: false,
    maxPayload: limits.maxFrameBytes,
    maxFragments: mostPieces,
    maxBufferedChunks: mostPieces,
    closeTimeout,
    WebSocket: OwnedWebSocket,
    handleProtocols: (offered) =>
      acceptAuthSubprotocol && offered.has(phoenixSubprotocol) ? phoenixSubprotocol : false,
  };
}

/** A listener is not told the class of what it listens to. */
type Owned = WebSocket & Pick<OwnedWebSocket, 'owner'>;

function onMessage(this: Owned, data: Buffer, isBinary: boolean): void {
  this.owner?.receive(isBinary ? data : data.toString('utf8'));
}

function onPing(this: Owned): void {
  this.owner?.pinged();
}

function onClose(this: Owned): void {
  this.owner?.closed();
}

/** A broken connection also closes, and ws answers what breaks its rules by itself (1002, 1007, 1009). */
function ignoreError(): void {}
