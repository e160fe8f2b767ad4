import type { ActiveRequestStore } from './active-request.js';
import type { Tokens } from './answer-text.js';
import { canRenew, freshAccess } from './channel-access.js';
import { ChannelConnection } from './channel-connection.js';
import type { ChannelAddress, ChannelListener } from './channel-listener.js';
import { RequestProgress } from './request-progress.js';
import { longestTimerMs, type Settings } from './settings.js';
import { buildWebSocketUrl, socketUrlOf } from './socket-url.js';
import type {
  AIResponse,
  ConnectionState,
  ConnectOptions,
  ErrorCode,
  ModelRiverEventMap,
  ModelRiverEventType,
} from './types.js';

/** Tells the client's listeners, unless the client has turned to another request. */
export type Emit = <Event extends ModelRiverEventType>(
  event: Event,
  ...args: Parameters<ModelRiverEventMap[Event]>
) => void;

const refusals: Readonly<Record<string, string>> = {
  unauthorized_project_access: 'Unauthorized: You do not have access to this project',
  invalid_channel_format: 'Invalid channel format',
  invalid_project_uuid: 'Invalid project or channel ID',
  invalid_channel_uuid: 'Invalid project or channel ID',
};

/** A timer that fires so much later than it was to has stood still meanwhile, and so has everything else. */
const lateMs = 2_000;
/** How long a page that stood still has to hear what it has missed. */
const catchUpMs = 15_000;

/** One request that is followed: its connection, its progress, and how long its news are waited for. */
export class Following implements ChannelListener {
  connectionState: ConnectionState = 'disconnected';
  isCompleted = false;
  /** Whether news of it are still waited for. */
  isOpen = false;
  readonly progress = new RequestProgress((step) => this.emit('step', step));
  #connection: ChannelConnection | undefined;
  #patience: ReturnType<typeof setTimeout> | undefined;
  #wasOpen = false;

  constructor(
    private request: ConnectOptions,
    private readonly settings: Settings,
    private readonly store: ActiveRequestStore | undefined,
    private readonly emit: Emit,
    private readonly onAbort: () => void,
  ) {}

  get channelId(): string {
    return this.request.channelId;
  }

  /** Whether a connection is being made already with what this says. */
  isConnectingWith({ channelId, wsToken }: ConnectOptions): boolean {
    const { request, connectionState } = this;
    return connectionState === 'connecting' && request.channelId === channelId && request.wsToken === wsToken;
  }

  start(): void {
    this.isOpen = true;
    this.connectionState = 'connecting';
    this.emit('connecting');
    this.store?.save(this.request);
    this.request.signal?.addEventListener('abort', this.onAbort);
    this.progress.step('queue', {});
    const { settings } = this;
    try {
      this.#connection = new ChannelConnection(this.#address(), this, {
        heartbeatInterval: settings.heartbeatInterval,
        renew: canRenew(settings) ? () => this.#renew() : undefined,
        transport: settings.transport,
        longPollFallbackMs: settings.longPollFallbackMs,
      });
      this.#waitAnew();
      this.#connection.start();
    } catch (error) {
      this.#giveUp(`The connection could not be made: ${String(error)}`, 'invalid_options');
    }
  }

  /** Ends the connection. What is known stays. */
  stop(): void {
    clearTimeout(this.#patience);
    this.request.signal?.removeEventListener('abort', this.onAbort);
    this.#connection?.close();
    this.isOpen = false;
    this.connectionState = 'disconnected';
  }

  /** Keeps the request no longer for reloaded pages. */
  forget(): void {
    this.store?.clear(this.channelId);
  }

  opened(): void {
    this.#wasOpen = true;
    this.connectionState = 'connected';
    this.emit('connected');
  }

  joined(): void {
    this.alive();
    this.progress.joined();
    this.emit('channel_joined');
  }

  alive(): void {
    this.store?.touch(this.request);
  }

  pushed(event: string, payload: unknown): void {
    if (event === 'response') this.#respond(payload as AIResponse);
    if (event === 'tokens') this.#tell(payload as Tokens);
  }

  lost(): void {
    this.connectionState = 'disconnected';
    this.emit('disconnected', 'Socket closed');
  }

  /** Told once, and only to those who never got through: the others are told that it is being restored. */
  unreachable(): void {
    if (this.#wasOpen || this.progress.error) return;
    const message = 'WebSocket connection error';
    this.progress.trouble(message, 'unreachable');
    this.emit('error', message);
  }

  retrying(attempt: number, delayMs: number): void {
    this.emit('reconnecting', attempt, delayMs);
  }

  refused(reason: string): void {
    const message = refusals[reason] ?? `Channel join failed: ${reason}`;
    this.#giveUp(message, 'refused', () => this.emit('channel_error', reason));
  }

  #respond(response: AIResponse): void {
    const meaning = this.progress.respond(response);
    if (meaning === 'repeated') return;
    this.#waitAnew();
    if (meaning !== 'intermediate') {
      this.isCompleted = meaning === 'succeeded';
      this.forget();
      this.stop();
    }
    this.emit('response', response);
    if (meaning !== 'intermediate') this.emit('disconnected', 'Socket closed');
  }

  #tell(payload: Tokens): void {
    const tokens = this.progress.tokens(payload);
    if (!tokens) return;
    this.#waitAnew();
    this.emit('tokens', tokens);
  }

  /** There is news, so the time limit begins again. There is none while the customer's backend is awaited. */
  #waitAnew(): void {
    clearTimeout(this.#patience);
    const { requestTimeout } = this.settings;
    if (this.progress.response?.status === 'ai_generated') return;
    if (requestTimeout > 0 && requestTimeout <= longestTimerMs) this.#wait(requestTimeout);
  }

  /** Frozen pages and sleeping machines hear nothing, so they do not give up before they could have. */
  #wait(milliseconds: number): void {
    const due = Date.now() + milliseconds;
    this.#patience = setTimeout(() => {
      const stoodStill = Date.now() - due > lateMs && milliseconds !== catchUpMs;
      if (stoodStill) this.#wait(catchUpMs);
      else this.#giveUp('Request timed out', 'timeout');
    }, milliseconds);
  }

  /** Ends without an end of the request, which stays kept: a later `reconnect` may succeed. */
  #giveUp(message: string, code: ErrorCode, tell?: () => void): void {
    this.stop();
    this.connectionState = 'error';
    this.progress.fail(message, code);
    tell?.();
    this.emit('disconnected', message);
    this.emit('error', message);
  }

  #address(): ChannelAddress {
    const { channelId, wsToken, websocketUrl, websocketChannel } = this.request;
    const url = buildWebSocketUrl(socketUrlOf(websocketUrl ?? this.settings.baseUrl), wsToken);
    return { url, topic: websocketChannel ?? `ai_response:${channelId}` };
  }

  async #renew(): Promise<ChannelAddress | undefined> {
    const request = await freshAccess(this.settings, this.channelId);
    if (!request) return undefined;
    this.request = { ...request, signal: this.request.signal };
    return this.#address();
  }
}
