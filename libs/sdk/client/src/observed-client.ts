import { HeadraceClient } from './client.js';
import type { AsyncResponse, ConnectOptions, ModelRiverClientOptions, ModelRiverState } from './types.js';

const events = [
  'connecting',
  'connected',
  'disconnected',
  'channel_joined',
  'step',
  'tokens',
  'response',
  'error',
] as const;

/** A client whose state is a value that frameworks can watch: the same object until something of it changes. */
export class ObservedClient {
  readonly client: HeadraceClient;
  readonly #watchers = new Set<() => void>();
  #state: ModelRiverState;

  constructor(options: ModelRiverClientOptions = {}) {
    this.client = new HeadraceClient(options);
    this.#state = this.client.getState();
    for (const event of events) this.client.on(event, this.#refresh);
  }

  readonly getState = (): ModelRiverState => this.#state;

  /** Calls `watcher` after each change; the function that is returned ends that. */
  readonly subscribe = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  };

  readonly connect = (request: ConnectOptions | AsyncResponse): void => this.#do(() => this.client.connect(request));

  readonly disconnect = (): void => this.#do(() => this.client.disconnect());

  readonly reset = (): void => this.#do(() => this.client.reset());

  /** Goes on with the request that a page or a component before this one has left. */
  resume(): void {
    if (this.client.hasPendingRequest()) this.#do(() => void this.client.reconnect());
  }

  /** Stops, and leaves the request to the next one. */
  pause(): void {
    this.client.pause();
  }

  #do(action: () => void): void {
    action();
    // Not every change has an event.
    this.#refresh();
  }

  readonly #refresh = (): void => {
    this.#state = this.client.getState();
    for (const watcher of [...this.#watchers]) watcher();
  };
}

/** What adapters give beside the state. */
export interface Actions {
  /** Follows a request; takes the answer of `POST /v1/ai/async` as it is, too. */
  connect: (request: ConnectOptions | AsyncResponse) => void;
  /** Stops following, and keeps the request no longer. */
  disconnect: () => void;
  /** Stops following, and forgets everything. */
  reset: () => void;
}
