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

/**
 * What is known before a page has looked at what it kept. Servers render nothing else, and neither do pages until they
 * have taken over what a server has rendered: both must render the same.
 */
export const stateOfNone: ModelRiverState = new HeadraceClient({ persist: false }).getState();

/** A client whose state is a value that frameworks can watch: the same object until something of it changes. */
export class ObservedClient {
  readonly client: HeadraceClient;
  readonly #watchers = new Set<() => void>();
  #state = stateOfNone;
  #isUsed = false;
  #hasLeft = false;

  constructor(options: ModelRiverClientOptions = {}) {
    this.client = new HeadraceClient(options);
    for (const event of events) this.client.on(event, this.#refresh);
  }

  readonly getState = (): ModelRiverState => this.#state;

  /** Calls `watcher` after each change; the function that is returned ends that. */
  readonly subscribe = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  };

  /** Follows a request. A component that has left meanwhile only keeps it, for the next one. */
  readonly connect = (request: ConnectOptions | AsyncResponse): void =>
    this.#do(() => (this.#hasLeft ? this.client.keep(request) : this.client.connect(request)));

  readonly disconnect = (): void => this.#do(() => this.client.disconnect());

  readonly reset = (): void => this.#do(() => this.client.reset());

  /** Goes on with the request that a page or a component before this one has left, unless one is followed already. */
  resume(): void {
    const isFollowing = this.#isUsed && !this.#hasLeft;
    this.#hasLeft = false;
    if (!isFollowing && this.client.hasPendingRequest()) this.#do(() => void this.client.reconnect());
  }

  /** Stops, and leaves the request to the next one. Servers, where nothing was begun, look at no storage for it. */
  readonly pause = (): void => {
    if (this.#isUsed) this.client.pause();
  };

  /** `pause` for good: the component is gone. Only `resume` brings it back. */
  leave(): void {
    this.#hasLeft = true;
    this.pause();
  }

  #do(action: () => void): void {
    this.#isUsed = true;
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
