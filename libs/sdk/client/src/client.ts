import { ActiveRequestStore } from './active-request.js';
import { asConnectOptions, freshAccess, whatIsMissing } from './channel-access.js';
import { Following } from './following.js';
import { Listeners } from './listeners.js';
import { settingsOf, type Settings } from './settings.js';
import type {
  AsyncResponse,
  ConnectOptions,
  ModelRiverClientOptions,
  ModelRiverEventMap,
  ModelRiverEventType,
  ModelRiverState,
} from './types.js';

/**
 * Follows one request at a time to its end: over lost connections, restarts and expired tokens, and over reloads of the
 * page. Its methods, events, states and steps are those of the ModelRiver client. For several at once, make several.
 */
export class HeadraceClient {
  readonly #settings: Settings;
  readonly #store: ActiveRequestStore | undefined;
  readonly #listeners = new Listeners();
  /** Of the request that was connected to last. It outlives its connection: its result is still shown. */
  #following: Following | undefined;
  #wrongOptions: string | null = null;
  /** Counts what the client was told to do. */
  #turns = 0;

  constructor(options: ModelRiverClientOptions = {}) {
    const { persist = true, storageKeyPrefix = 'modelriver_', storage } = options;
    this.#settings = settingsOf(options);
    if (persist) this.#store = new ActiveRequestStore(storageKeyPrefix, storage, this.#settings.requestTimeout);
  }

  /** All that is known now. */
  getState(): ModelRiverState {
    const { isOpen = false, isCompleted = false, progress } = this.#following ?? {};
    const connectionState =
      !isOpen && this.#wrongOptions ? 'error' : (this.#following?.connectionState ?? 'disconnected');
    return {
      connectionState,
      isConnected: connectionState === 'connected',
      isConnecting: connectionState === 'connecting',
      steps: progress?.steps ?? [],
      response: progress?.response ?? null,
      text: progress?.text ?? '',
      error: this.#wrongOptions ?? progress?.error ?? null,
      errorCode: this.#wrongOptions ? 'invalid_options' : (progress?.errorCode ?? null),
      hasPendingRequest: isOpen || this.hasPendingRequest(),
      isCompleted,
    };
  }

  /** Whether a request is kept that `reconnect` would follow. */
  hasPendingRequest(): boolean {
    return !!this.#store?.get();
  }

  /** Follows a request, instead of the one before. Takes the answer of `POST /v1/ai/async` as well. */
  connect(request: ConnectOptions | AsyncResponse): void {
    this.#turns += 1;
    const options = asConnectOptions(request);
    this.#wrongOptions = whatIsMissing(request);
    if (this.#wrongOptions) {
      this.#emit('error', this.#wrongOptions);
      return;
    }
    // Effects that run twice connect twice.
    if (this.#following?.isConnectingWith(options)) return;
    this.#following?.stop();
    const emit = <Event extends ModelRiverEventType>(event: Event, ...args: Parameters<ModelRiverEventMap[Event]>) => {
      if (this.#following === following) this.#emit(event, ...args);
    };
    const following = new Following(options, this.#settings, this.#store, emit, () => this.disconnect());
    this.#following = following;
    if (options.signal?.aborted) this.disconnect();
    else following.start();
  }

  /**
   * Keeps a request for `reconnect`, instead of the one before, without following it: for a part of a page that is gone
   * when your backend answers.
   */
  keep(request: ConnectOptions | AsyncResponse): void {
    this.#turns += 1;
    this.#following?.stop();
    this.#following = undefined;
    this.#store?.save(asConnectOptions(request));
  }

  /** Stops following, and keeps the request no longer. */
  disconnect(): void {
    this.#turns += 1;
    this.#following?.stop();
    this.#following?.forget();
    this.#emit('disconnected', 'Manual disconnect');
  }

  /** Stops following, but keeps the request for `reconnect`: for a part of a page that is taken off it. */
  pause(): void {
    this.#turns += 1;
    this.#following?.stop();
    this.#emit('disconnected', 'Paused');
  }

  /** Stops following, and forgets everything. */
  reset(): void {
    this.disconnect();
    this.#following = undefined;
    this.#wrongOptions = null;
  }

  /** Follows the kept request, with the token that it had. False if there is none. */
  reconnect(): boolean {
    const kept = this.#store?.get();
    if (!kept) return false;
    if (this.#following?.isCompleted) {
      this.#store?.clear(kept.channelId);
      return false;
    }
    this.connect(kept);
    return true;
  }

  /**
   * Follows the kept request, with a fresh token from your backend. False if there is none, or no token for it, or if the
   * client was told something else meanwhile.
   */
  async reconnectWithBackend(): Promise<boolean> {
    const kept = this.#store?.get();
    if (!kept) return false;
    const turn = this.#turns;
    try {
      const fresh = await freshAccess(this.#settings, kept.channelId);
      if (!fresh || turn !== this.#turns) return false;
      this.connect(fresh);
      return true;
    } catch (error) {
      this.#log('The backend gave no fresh token:', error);
      return false;
    }
  }

  /** Calls a listener at each event; the function that is returned removes it. */
  on<Event extends ModelRiverEventType>(event: Event, listener: ModelRiverEventMap[Event]): () => void {
    return this.#listeners.add(event, listener);
  }

  /** Removes a listener. */
  off<Event extends ModelRiverEventType>(event: Event, listener: ModelRiverEventMap[Event]): void {
    this.#listeners.remove(event, listener);
  }

  /** `reset`, and no listener is called any more. */
  destroy(): void {
    this.reset();
    this.#listeners.clear();
  }

  #emit<Event extends ModelRiverEventType>(event: Event, ...args: Parameters<ModelRiverEventMap[Event]>): void {
    this.#log(event, ...args);
    this.#listeners.emit(event, ...args);
  }

  #log(...what: unknown[]): void {
    if (this.#settings.debug) console.log('[Headrace]', ...what);
  }
}
