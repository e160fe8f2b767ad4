import type { EncodedFrame } from '@headrace/contracts';
import type { WebSocket } from 'ws';
import type { SharedFrame } from './shared-frame.js';

/** What carries the frames of one client, as a WebSocket does: one of those, or a session of long polls. */
export interface PhoenixConnection extends Pick<
  WebSocket,
  'readyState' | 'bufferedAmount' | 'close' | 'terminate' | 'pause' | 'resume'
> {
  send(frame: EncodedFrame): void;
  /** Sends a frame that other connections get too. */
  sendShared(frame: SharedFrame): void;
}

/** Who is told what a connection hears. */
export interface ConnectionOwner {
  receive(data: EncodedFrame): void;
  /** The client is there, though it said nothing. */
  heard(): void;
  /** The client sent a ping or a pong of the protocol, which counts as a frame. */
  pinged(): void;
  closed(): void;
}
