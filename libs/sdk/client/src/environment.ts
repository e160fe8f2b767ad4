/** What is used of a browser's `WebSocket`. */
export interface SocketLike {
  addEventListener(type: 'open' | 'message' | 'close', listener: (event: SocketEvent) => void): void;
  send(text: string): void;
  close(): void;
}

/** The fields of the events of a socket that are read: `data` of messages, `code` of closes. */
export interface SocketEvent {
  readonly data?: unknown;
  readonly code?: number;
}

/** What is used of `localStorage` and `sessionStorage`. */
export interface StorageLike {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

interface Listens {
  addEventListener?(type: string, listener: () => void): void;
  removeEventListener?(type: string, listener: () => void): void;
}

/** Everything that comes from the page, or from whatever else runs this: any of it may be missing. */
export interface Environment extends Listens {
  readonly WebSocket?: new (url: string) => SocketLike;
  readonly localStorage?: StorageLike;
  readonly sessionStorage?: StorageLike;
  readonly location?: { readonly href: string };
  readonly document?: Listens & { readonly visibilityState: string };
}

/** Read at each use, so that tests and late polyfills are seen. */
export const environment = globalThis as unknown as Environment;

/**
 * Calls `wake` when the page may go on after a pause: the network is back, it is looked at again, or the browser thaws
 * it. The timers of hidden pages are late and those of frozen ones stand still, so waiting for the next one may take a
 * minute. `isNewNetwork` says that the network was away. Calls `sleep` when the page is left, from where it may come
 * back: browsers keep pages for that which hold no socket. Returns what stops it.
 */
export function onWake(wake: (isNewNetwork: boolean) => void, sleep: () => void): () => void {
  const { document } = environment;
  const online = (): void => wake(true);
  const shown = (): void => {
    if (document?.visibilityState !== 'hidden') wake(false);
  };
  const events = [
    [environment, 'online', online],
    [environment, 'pageshow', shown],
    [environment, 'pagehide', sleep],
    [document, 'visibilitychange', shown],
    [document, 'resume', shown],
  ] as const;
  for (const [target, type, listener] of events) target?.addEventListener?.(type, listener);
  return () => {
    for (const [target, type, listener] of events) target?.removeEventListener?.(type, listener);
  };
}
