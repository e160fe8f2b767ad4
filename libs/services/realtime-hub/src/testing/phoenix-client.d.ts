/** What the tests use of the real client, which ships without types. */
declare module 'phoenix' {
  export class Push {
    receive(status: 'ok' | 'error' | 'timeout', callback: (response: unknown) => void): this;
  }

  export class Channel {
    state: 'closed' | 'errored' | 'joined' | 'joining' | 'leaving';
    join(timeout?: number): Push;
    leave(timeout?: number): Push;
    on(event: string, callback: (payload: unknown) => void): number;
    onClose(callback: () => void): number;
    onError(callback: () => void): number;
  }

  export interface SocketOptions {
    params?: Record<string, string>;
    transport?: unknown;
    vsn?: string;
    heartbeatIntervalMs?: number;
    reconnectAfterMs?: (tries: number) => number;
    rejoinAfterMs?: (tries: number) => number;
    authToken?: string;
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
    onOpen(callback: () => void): void;
    onMessage(callback: (message: { topic: string; event: string; payload: unknown }) => void): void;
  }
}
