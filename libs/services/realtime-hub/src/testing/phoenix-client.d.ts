/** What the tests use of the real client, which ships without types. */
declare module 'phoenix' {
  export class Push {
    receive(status: 'ok' | 'error' | 'timeout', callback: (response: unknown) => void): this;
  }

  export class Channel {
    state: 'closed' | 'errored' | 'joined' | 'joining' | 'leaving';
    join(timeout?: number): Push;
    leave(timeout?: number): Push;
    push(event: string, payload: unknown, timeout?: number): Push;
    on(event: string, callback: (payload: unknown) => void): number;
    onClose(callback: () => void): number;
    onError(callback: (reason: unknown) => void): number;
  }

  /** A frame as the client keeps it. */
  export interface Message {
    join_ref?: string | null;
    ref: string | null;
    topic: string;
    event: string;
    payload: unknown;
  }

  export interface SocketOptions {
    params?: Record<string, string>;
    transport?: unknown;
    vsn?: string;
    encode?: (message: Message, send: (frame: string) => void) => void;
    decode?: (frame: string, take: (message: Message) => void) => void;
    heartbeatIntervalMs?: number;
    reconnectAfterMs?: (tries: number) => number;
    rejoinAfterMs?: (tries: number) => number;
    longPollFallbackMs?: number;
    longpollerTimeout?: number;
    authToken?: string;
  }

  export class LongPoll {
    /** Names the sessions of this transport. */
    token: string | null;
  }

  export class Socket {
    constructor(endPoint: string, options?: SocketOptions);
    /** The connection, once there is one. */
    conn: { close(code?: number, reason?: string): void; terminate(): void } | null;
    channels: Channel[];
    connect(): void;
    disconnect(callback?: () => void): void;
    channel(topic: string, params?: object): Channel;
    isConnected(): boolean;
    /** Sends a heartbeat; false when the socket is not connected. */
    ping(callback: (roundTripMs: number) => void): boolean;
    onOpen(callback: () => void): void;
    onError(callback: (error: unknown) => void): void;
    onClose(callback: (event: { code: number }) => void): void;
    onMessage(callback: (message: Message) => void): void;
  }
}

declare module 'phoenix-1.7.14' {
  export { LongPoll, Socket } from 'phoenix';
}

declare module 'phoenix-1.8.3' {
  export { LongPoll, Socket } from 'phoenix';
}
