import type { Transport } from './types.js';

/** Where a channel is: the whole URL of the upgrade, token included, and the topic. */
export interface ChannelAddress {
  readonly url: string;
  readonly topic: string;
}

/** Who a connection tells what happens. */
export interface ChannelListener {
  opened(): void;
  joined(): void;
  /** A heartbeat was answered. */
  alive(): void;
  /** The server pushed an event on the topic. */
  pushed(event: string, payload: unknown): void;
  /** An open socket is closed. It will be opened again. */
  lost(): void;
  /** A socket could not be opened, by no transport. It will be tried again. */
  unreachable(): void;
  retrying(attempt: number, delayMs: number): void;
  /** The server will never let us join; the connection has ended. */
  refused(reason: string): void;
}

export interface ChannelOptions {
  readonly heartbeatInterval: number;
  /** Time limit of opening a socket, of a join and of a heartbeat's answer. Default 10000. */
  readonly answerMs?: number;
  /** Gives a fresh address when the token no longer works; undefined: there is none any more. */
  readonly renew?: () => Promise<ChannelAddress | undefined>;
  readonly transport?: Transport;
  readonly longPollFallbackMs?: number;
}
