import type { Duplex } from 'node:stream';
import type { EncodedFrame } from '@headrace/contracts';
import { WebSocket } from 'ws';
import type { ConnectionOwner, PhoenixConnection } from './phoenix-connection.js';
import type { SharedFrame } from './shared-frame.js';
import { webSocketFrame } from './web-socket-frame.js';

/** Carries its owner, so that all sockets share the same listeners and none needs closures of its own. */
export class OwnedWebSocket extends WebSocket implements PhoenixConnection {
  owner?: ConnectionOwner;
  /** What the upgrade was asked on. */
  connection?: Duplex;

  /**
   * Writes a frame past what `ws` does for each: a copy as UTF-8, a head, two writes. Without compression `ws` holds
   * nothing back, so that no frame overtakes another, and counts what waits in the connection.
   */
  override send(frame: EncodedFrame): void {
    this.connection?.write(webSocketFrame(frame));
  }

  /** Writes a frame that is already made. */
  sendShared({ bytes }: SharedFrame): void {
    this.connection?.write(bytes);
  }
}
