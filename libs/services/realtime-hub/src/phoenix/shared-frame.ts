import type { EncodedFrame, ServerPayload } from '@headrace/contracts';
import type { Subscription } from './subscription.js';
import { webSocketFrame } from './web-socket-frame.js';

/** One frame for any number of sockets: encoded once, and for WebSockets made into bytes once. */
export class SharedFrame {
  #bytes: Buffer | undefined;

  constructor(readonly frame: EncodedFrame) {}

  /** The whole WebSocket frame. */
  get bytes(): Buffer {
    return (this.#bytes ??= webSocketFrame(this.frame));
  }
}

/**
 * Pushes one event to many subscriptions. A push carries topic and join_ref of its subscription, and those of many
 * clients are alike: they count theirs from 1.
 */
export function pushToAll<Session>(
  subscriptions: Iterable<Subscription<Session>>,
  event: string,
  payload: ServerPayload,
): void {
  const frames = new Map<string, SharedFrame>();
  let last: Subscription<Session> | undefined;
  let frame: SharedFrame | undefined;
  for (const subscription of subscriptions) {
    if (!frame || !last || !isAlike(subscription, last)) {
      const { serializer, topic, replyRef: joinRef } = subscription;
      const key = JSON.stringify([serializer.version, topic, joinRef]);
      frame = frames.get(key) ?? new SharedFrame(serializer.encodePush({ joinRef, ref: null, topic, event, payload }));
      frames.set(key, frame);
      last = subscription;
    }
    subscription.sendShared(frame);
  }
}

const isAlike = <Session>(one: Subscription<Session>, other: Subscription<Session>): boolean =>
  one.serializer === other.serializer && one.replyRef === other.replyRef && one.topic === other.topic;
