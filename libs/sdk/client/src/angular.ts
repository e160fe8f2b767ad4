import {
  afterNextRender,
  computed,
  DestroyRef,
  inject,
  NgZone,
  signal,
  untracked,
  type OnDestroy,
  type Signal,
} from '@angular/core';
import { BehaviorSubject, distinctUntilChanged, map, type Observable } from 'rxjs';
import { ObservedClient, stateOfNone, type Actions } from './observed-client.js';
import type { AsyncResponse, ConnectOptions, ModelRiverClientOptions, ModelRiverState } from './types.js';

/**
 * A client as observables, for `providers: [ModelRiverService]` of a component, which calls `init` in its constructor.
 * It goes on with a request that was kept, and leaves an open one to the next component when Angular destroys it.
 */
export class ModelRiverService implements OnDestroy {
  readonly #subject = new BehaviorSubject<ModelRiverState>(stateOfNone);
  /** For the getters: templates that read them are rendered again, without zones too. */
  readonly #signal = signal(stateOfNone);
  readonly connectionState$ = this.#field('connectionState');
  readonly steps$ = this.#field('steps');
  readonly response$ = this.#field('response');
  readonly text$ = this.#field('text');
  readonly error$ = this.#field('error');
  readonly hasPendingRequest$ = this.#field('hasPendingRequest');
  #observed: ObservedClient | undefined;
  #leave: (() => void) | undefined;

  /** Whatever is known now. */
  get state(): ModelRiverState {
    return this.#signal();
  }

  get isConnected(): boolean {
    return this.state.isConnected;
  }

  get isConnecting(): boolean {
    return this.state.isConnecting;
  }

  /** Must be called before `connect`. */
  init(options: ModelRiverClientOptions = {}): void {
    this.#leave?.();
    const observed = new ObservedClient(options);
    this.#observed = observed;
    this.#tell(observed.getState());
    this.#leave = begin(observed, () => this.#tell(observed.getState()));
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
    this.#leave?.();
    this.#subject.complete();
  }

  /** Angular calls it together with the one of the component that provides the service. */
  ngOnDestroy(): void {
    this.destroy();
  }

  #tell(state: ModelRiverState): void {
    // Components may connect in an effect, where Angular 17 and 18 allow no writing.
    untracked(() => this.#signal.set(state));
    this.#subject.next(state);
  }

  #field<Field extends keyof ModelRiverState>(field: Field): Observable<ModelRiverState[Field]> {
    return this.#subject.pipe(
      map((state) => state[field]),
      distinctUntilChanged(),
    );
  }
}

/** One signal for each field of the state, and what can be done. */
export type HeadraceSignals = {
  readonly [Field in keyof ModelRiverState]: Signal<ModelRiverState[Field]>;
} & Actions;

/**
 * A client as signals, for as long as the component is there that calls this in its constructor or for a field. It goes
 * on with a request that was kept, and leaves an open one to the next component.
 *
 * `protected readonly ai = injectHeadrace();`, and in the template `{{ ai.error() ?? ai.text() }}`.
 */
export function injectHeadrace(options: ModelRiverClientOptions = {}): HeadraceSignals {
  const destroyed = inject(DestroyRef);
  const observed = new ObservedClient(options);
  const state = signal(stateOfNone);
  destroyed.onDestroy(begin(observed, () => untracked(() => state.set(observed.getState()))));
  const field = <Field extends keyof ModelRiverState>(name: Field): Signal<ModelRiverState[Field]> =>
    computed(() => state()[name]);
  return {
    connectionState: field('connectionState'),
    isConnected: field('isConnected'),
    isConnecting: field('isConnecting'),
    steps: field('steps'),
    response: field('response'),
    text: field('text'),
    error: field('error'),
    errorCode: field('errorCode'),
    hasPendingRequest: field('hasPendingRequest'),
    isCompleted: field('isCompleted'),
    connect: observed.connect,
    disconnect: observed.disconnect,
    reset: observed.reset,
  };
}

/** Watches a client, and lets it go on with what was kept. Returns what ends both. */
function begin(observed: ObservedClient, onChange: () => void): () => void {
  const unsubscribe = observed.subscribe(onChange);
  const cancel = whenRendered(() => observed.resume());
  return () => {
    cancel();
    unsubscribe();
    observed.leave();
  };
}

/**
 * Does something once the component is on the page: a server has nothing to go on with, and the page takes over what
 * that has rendered. At once where Angular injects nothing. Returns what prevents it.
 */
function whenRendered(action: () => void): () => void {
  try {
    const zone = inject(NgZone);
    // Angular leaves its zone for this, and would not notice what the action's sockets bring.
    const rendered = afterNextRender(() => zone.run(action));
    return () => rendered.destroy();
  } catch {
    action();
    return () => undefined;
  }
}

/** A service that is ready, outside of Angular's injection. */
export function createModelRiverService(options?: ModelRiverClientOptions): ModelRiverService {
  const service = new ModelRiverService();
  if (options) service.init(options);
  return service;
}

export { ModelRiverService as HeadraceService };
