// What is used of the frameworks, so that the compiler needs none of them.

declare module 'react' {
  export function useEffect(effect: () => (() => void) | void, dependencies?: readonly unknown[]): void;
  export function useState<State>(initial: () => State): [State, (state: State) => void];
  export function useSyncExternalStore<Snapshot>(
    subscribe: (watcher: () => void) => () => void,
    getSnapshot: () => Snapshot,
    getServerSnapshot?: () => Snapshot,
  ): Snapshot;
}

declare module 'vue' {
  export interface ComputedRef<Value> {
    readonly value: Value;
  }
  export function computed<Value>(compute: () => Value): ComputedRef<Value>;
  export function shallowRef<Value>(value: Value): { value: Value };
  export function onMounted(hook: () => void): void;
  export function onUnmounted(hook: () => void): void;
}
