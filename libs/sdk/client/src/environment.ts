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
  readonly location?: { readonly href: string };
  readonly document?: Listens & { readonly visibilityState: string };
}

/** Read at each use, so that tests and late polyfills are seen. */
export const environment = globalThis as unknown as Environment;

/**
 * Calls when the network is back or the page is looked at again: browsers pause the timers of hidden pages, so waiting
 * for the next one may take a minute. Returns what stops it.
 */
export function onWake(wake: () => void): () => void {
  const { document } = environment;
  const shown = (): void => {
    if (document?.visibilityState === 'visible') wake();
  };
  environment.addEventListener?.('online', wake);
  document?.addEventListener?.('visibilitychange', shown);
  return () => {
    environment.removeEventListener?.('online', wake);
    document?.removeEventListener?.('visibilitychange', shown);
  };
}
