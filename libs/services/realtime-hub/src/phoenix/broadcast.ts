import type { EncodedFrame, Serializer, ServerPayload } from '@headrace/contracts';
import type { Subscription } from './subscription.js';

/**
 * Sends one event to many subscriptions of a topic, encoded once per serializer and not per socket.
 * Text goes out as bytes, so that the sockets do not each turn it into UTF-8 again.
 */
export function broadcast<Session>(
  subscriptions: Iterable<Subscription<Session>>,
  topic: string,
  event: string,
  payload: ServerPayload,
): void {
  const frames = new Map<Serializer, EncodedFrame>();
  for (const subscription of subscriptions) {
    let frame = frames.get(subscription.serializer);
    if (frame === undefined) {
      frame = subscription.serializer.encodeBroadcast({ topic, event, payload });
      frames.set(subscription.serializer, frame);
    }
    subscription.send(frame);
  }
}
