import { computed, onMounted, onUnmounted, shallowRef, type ComputedRef } from 'vue';
import { ObservedClient, type Actions } from './observed-client.js';
import type { ModelRiverClientOptions, ModelRiverState } from './types.js';

/** One ref for each field of the state, and what can be done. */
export type UseModelRiverVueReturn = {
  readonly [Field in keyof ModelRiverState]: ComputedRef<ModelRiverState[Field]>;
} & Actions;

/**
 * A client for as long as the component is on the page. It goes on with a request that was kept, and leaves an open one
 * to the next component.
 *
 * `const { connect, text, response, error, steps } = useModelRiver();`
 */
export function useModelRiver(options: ModelRiverClientOptions = {}): UseModelRiverVueReturn {
  const observed = new ObservedClient(options);
  const state = shallowRef(observed.getState());
  const field = <Field extends keyof ModelRiverState>(name: Field): ComputedRef<ModelRiverState[Field]> =>
    computed(() => state.value[name]);
  const unsubscribe = observed.subscribe(() => (state.value = observed.getState()));
  // Not before: a server has nothing to go on with, and the page takes over what that has rendered.
  onMounted(() => observed.resume());
  onUnmounted(() => {
    unsubscribe();
    observed.leave();
  });
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

export { useModelRiver as useHeadrace };
