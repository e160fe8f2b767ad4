import type { EncodedFrame, ServerPayload } from '@headrace/contracts';
import type { Subscription } from './subscription.js';

const opcodes = { text: 1, binary: 2 } as const;
const lastFragment = 0x80;
/** A length up to this stands in the second byte; this and the next value say that it follows in two or eight. */
const longestShort = 125;
const longestMedium = 0xffff;

/** One frame for any number of sockets: encoded once, and for WebSockets made into bytes once. */
export class SharedFrame {
  #bytes: Buffer | undefined;

  constructor(readonly frame: EncodedFrame) {}

  /** The whole WebSocket frame (RFC 6455 section 5.2), as a server sends it: not masked, not compressed. */
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

function webSocketFrame(frame: EncodedFrame): Buffer {
  const isText = typeof frame === 'string';
  const payload = isText ? Buffer.from(frame) : frame;
  const { length } = payload;
  const head = Buffer.alloc(length <= longestShort ? 2 : length <= longestMedium ? 4 : 10);
  head[0] = lastFragment | (isText ? opcodes.text : opcodes.binary);
  if (length <= longestShort) head[1] = length;
  else if (length <= longestMedium) {
    head[1] = longestShort + 1;
    head.writeUInt16BE(length, 2);
  } else {
    head[1] = longestShort + 2;
    head.writeBigUInt64BE(BigInt(length), 2);
  }
  return Buffer.concat([head, payload]);
}
