import { BehaviorSubject, distinctUntilChanged, map, type Observable } from 'rxjs';
import { ObservedClient } from './observed-client.js';
import type { AsyncResponse, ConnectOptions, ModelRiverClientOptions, ModelRiverState } from './types.js';

const stateOfNone = (): ModelRiverState => new ObservedClient({ persist: false }).getState();

/**
 * A client as observables, for `providers: [ModelRiverService]` of a component: `init` in its constructor, `destroy` in
 * its `ngOnDestroy`. It goes on with a request that was kept, and leaves an open one to the next component.
 */
export class ModelRiverService {
  readonly #state = new BehaviorSubject<ModelRiverState>(stateOfNone());
  readonly connectionState$ = this.#field('connectionState');
  readonly steps$ = this.#field('steps');
  readonly response$ = this.#field('response');
  readonly text$ = this.#field('text');
  readonly error$ = this.#field('error');
  readonly hasPendingRequest$ = this.#field('hasPendingRequest');
  #observed: ObservedClient | undefined;
  #unsubscribe: (() => void) | undefined;

  /** Whatever is known now. */
  get state(): ModelRiverState {
    return this.#state.value;
  }

  get isConnected(): boolean {
    return this.state.isConnected;
  }

  get isConnecting(): boolean {
    return this.state.isConnecting;
  }

  /** Must be called before `connect`. */
  init(options: ModelRiverClientOptions = {}): void {
    this.#leave();
    const observed = new ObservedClient(options);
    this.#observed = observed;
    this.#unsubscribe = observed.subscribe(() => this.#state.next(observed.getState()));
    this.#state.next(observed.getState());
    observed.resume();
  }

  /** Follows a request; takes the answer of `POST /v1/ai/async` as it is, too. */
  connect(request: ConnectOptions | AsyncResponse): void {
    if (!this.#observed) throw new Error('Call init() of the ModelRiverService first.');
    this.#observed.connect(request);
  }

  /** Stops following, and keeps the request no longer. */
  disconnect(): void {
    this.#observed?.disconnect();
  }

  /** Stops following, and forgets everything. */
  reset(): void {
    this.#observed?.reset();
  }

  /** Stops, and leaves a kept request to the next component. */
  destroy(): void {
    this.#leave();
    this.#state.complete();
  }

  #leave(): void {
    this.#unsubscribe?.();
    this.#observed?.pause();
  }

  #field<Field extends keyof ModelRiverState>(field: Field): Observable<ModelRiverState[Field]> {
    return this.#state.pipe(
      map((state) => state[field]),
      distinctUntilChanged(),
    );
  }
}

/** A service that is ready, outside of Angular's injection. */
export function createModelRiverService(options?: ModelRiverClientOptions): ModelRiverService {
  const service = new ModelRiverService();
  if (options) service.init(options);
  return service;
}

export { ModelRiverService as HeadraceService };
