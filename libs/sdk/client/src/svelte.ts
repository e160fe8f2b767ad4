import { ObservedClient, type Actions } from './observed-client.js';
import type { ModelRiverClientOptions, ModelRiverState } from './types.js';

/** A store by Svelte's contract. */
export interface Readable<Value> {
  subscribe(run: (value: Value) => void): () => void;
}

/** One store for each field of the state, and what can be done. */
export type ModelRiverSvelteStore = {
  readonly [Field in keyof ModelRiverState]: Readable<ModelRiverState[Field]>;
} & Actions & {
    /** Stops, but leaves a kept request for the next component: for `onDestroy`. */
    pause: () => void;
  };

/**
 * Svelte stores over a client; it goes on at once with a request that was kept.
 *
 * `const { text, response, connect, pause } = createModelRiver(); onDestroy(pause);`
 */
export function createModelRiver(options: ModelRiverClientOptions = {}): ModelRiverSvelteStore {
  const observed = new ObservedClient(options);
  const storeOf = <Field extends keyof ModelRiverState>(field: Field): Readable<ModelRiverState[Field]> => ({
    subscribe(run) {
      let told = observed.getState()[field];
      run(told);
      return observed.subscribe(() => {
        const value = observed.getState()[field];
        if (value === told) return;
        told = value;
        run(value);
      });
    },
  });
  observed.resume();
  return {
    connectionState: storeOf('connectionState'),
    isConnected: storeOf('isConnected'),
    isConnecting: storeOf('isConnecting'),
    steps: storeOf('steps'),
    response: storeOf('response'),
    text: storeOf('text'),
    error: storeOf('error'),
    errorCode: storeOf('errorCode'),
    hasPendingRequest: storeOf('hasPendingRequest'),
    isCompleted: storeOf('isCompleted'),
    connect: observed.connect,
    disconnect: observed.disconnect,
    reset: observed.reset,
    pause: () => observed.pause(),
  };
}

export { createModelRiver as createHeadrace };
