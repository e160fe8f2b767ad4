import { setTimeout as delay } from 'node:timers/promises';
import { openChannel, type ChannelClient } from '@headrace/testing';
import type { AsyncReply } from './wire.js';

export type Frame = ChannelClient['frames'][number];

/** The words after which a client stops to listen (CONTRACT section 2). */
const finalWords: readonly string[] = ['success', 'completed', 'error'];
const reconnectAfterMs = 50;

/** Whether a frame ends the request. */
export const isFinal = ({ status }: Frame): boolean => finalWords.includes(status);

/** Opens the channel that an answer of the API names. */
export const watch = (reply: AsyncReply, vsn?: '1.0.0' | '2.0.0'): Promise<ChannelClient> =>
  openChannel({ websocketUrl: reply.websocket_url, topic: reply.websocket_channel, token: reply.ws_token, vsn });

/**
 * A browser that comes back after every lost connection, with the same address, as phoenix.js does. Resolves to all
 * frames it got, up to and with the first final one. `signal` tells it to give up.
 */
export async function watchToTheEnd(reply: AsyncReply, signal: AbortSignal): Promise<Frame[]> {
  const frames: Frame[] = [];
  for (;;) {
    try {
      await watchOnce(reply, frames, signal);
      return frames;
    } catch {
      if (signal.aborted) throw new Error(`${reply.channel_id} did not end; its frames: ${JSON.stringify(frames)}`);
      await delay(reconnectAfterMs);
    }
  }
}

async function watchOnce(reply: AsyncReply, frames: Frame[], signal: AbortSignal): Promise<void> {
  const channel = await watch(reply);
  const drop = () => channel.drop();
  signal.addEventListener('abort', drop);
  try {
    for (;;) {
      const frame = await channel.next();
      frames.push(frame);
      if (isFinal(frame)) return;
    }
  } finally {
    signal.removeEventListener('abort', drop);
    drop();
  }
}
