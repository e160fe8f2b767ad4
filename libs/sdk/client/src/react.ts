import { useEffect, useState, useSyncExternalStore } from 'react';
import { ObservedClient, stateOfNone, type Actions } from './observed-client.js';
import type { ModelRiverClientOptions, ModelRiverState } from './types.js';

/** All that is known of the request, and what can be done. */
export type UseModelRiverReturn = ModelRiverState & Actions;

const getServerState = (): ModelRiverState => stateOfNone;

/**
 * A client for as long as the component is on the page. It goes on with a request that was kept, and leaves an open one
 * to the next component. The options of the first render stay.
 *
 * `const { connect, text, response, error, steps } = useModelRiver({ apiBaseUrl: '/' });`
 */
export function useModelRiver(options: ModelRiverClientOptions = {}): UseModelRiverReturn {
  const [observed] = useState(() => new ObservedClient(options));
  const state = useSyncExternalStore(observed.subscribe, observed.getState, getServerState);
  useEffect(() => {
    observed.resume();
    return () => observed.leave();
  }, [observed]);
  const { connect, disconnect, reset } = observed;
  return { ...state, connect, disconnect, reset };
}

export { useModelRiver as useHeadrace };
