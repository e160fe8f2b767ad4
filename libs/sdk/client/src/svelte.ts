import { onMount } from 'svelte';
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
    /** Stops, but keeps the request for whoever comes next. Components that are taken off the page do so by themselves. */
    pause: () => void;
  };

/**
 * Svelte stores over a client for as long as the component is on the page. It goes on with a request that was kept, and
 * leaves an open one to the next component. Made outside of components, in a module, it is there as long as the page.
 *
 * `const { text, response, connect } = createModelRiver();`
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
  const begin = (): (() => void) => {
    observed.resume();
    return () => observed.leave();
  };
  try {
    // Not before: a server has nothing to go on with, and the page takes over what that has rendered.
    onMount(begin);
  } catch {
    // There is no component.
    begin();
  }
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
    pause: observed.pause,
  };
}

export { createModelRiver as createHeadrace };
