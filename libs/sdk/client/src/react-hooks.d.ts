/** The hooks of React that are used, so that the compiler needs neither React nor its types. */
declare module 'react' {
  export function useEffect(effect: () => (() => void) | void, dependencies?: readonly unknown[]): void;
  export function useState<State>(initial: () => State): [State, (state: State) => void];
  export function useSyncExternalStore<Snapshot>(
    subscribe: (watcher: () => void) => () => void,
    getSnapshot: () => Snapshot,
    getServerSnapshot?: () => Snapshot,
  ): Snapshot;
}
