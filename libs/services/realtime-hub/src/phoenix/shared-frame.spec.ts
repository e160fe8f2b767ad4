import type { FramePayload } from '@headrace/contracts';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PhoenixMounts, wideLimits } from '../testing/phoenix-mounts.js';
import { RawClient } from '../testing/raw-client.js';
import type { ChannelHandler, EventOutcome, JoinOutcome } from './channel-handler.port.js';
import { pushToAll } from './shared-frame.js';
import type { Subscription } from './subscription.js';

/** Pushes what one client says to everybody that joined, whatever the topic. */
class Echoes implements ChannelHandler<unknown> {
  readonly #joined = new Set<Subscription<unknown>>();

  join(): JoinOutcome {
    return { status: 'ok' };
  }

  joined(subscription: Subscription<unknown>): void {
    this.#joined.add(subscription);
  }

  leave(subscription: Subscription<unknown>): void {
    this.#joined.delete(subscription);
  }

  handle(_subscription: Subscription<unknown>, event: string, payload: FramePayload): EventOutcome {
    pushToAll(this.#joined, event, payload);
    return {};
  }
}

describe('an event that is pushed to many subscriptions', () => {
  let mounts: PhoenixMounts;

  beforeEach(async () => {
    const echoes = new Echoes();
    mounts = await PhoenixMounts.start({ channelFor: () => echoes, limits: { ...wideLimits, maxFrameBytes: 200_000 } });
  });
  afterEach(async () => {
    await mounts.stop();
  });

  async function joined(joinRef: string, topic: string): Promise<RawClient> {
    const client = await RawClient.connect(mounts.url('/socket/websocket?vsn=2.0.0'));
    client.send([joinRef, joinRef, topic, 'phx_join', {}]);
    await client.frame();
    return client;
  }

  it('reaches each with its own topic and join_ref', async () => {
    const same = [await joined('1', 'a'), await joined('1', 'a')];
    const others = [await joined('3', 'a'), await joined('1', 'b'), await joined('1', 'a')];
    same[0]?.send(['1', '2', 'a', 'said', { what: 'héllo' }]);
    const heard = await Promise.all([...same, ...others].map((client) => client.frame()));
    expect(heard).toEqual(
      [
        ['1', 'a'],
        ['1', 'a'],
        ['3', 'a'],
        ['1', 'b'],
        ['1', 'a'],
      ].map(([joinRef, topic]) => [joinRef, null, topic, 'said', { what: 'héllo' }]),
    );
  });

  it.each([1, 80, 90, 125, 126, 60_000, 70_000])(
    'arrives whole and in order with a text of %d characters',
    async (length) => {
      const client = await joined('1', 'a');
      const said = [{ text: 'x'.repeat(length) }, { text: 'y' }];
      for (const payload of said) client.send(['1', '2', 'a', 'said', payload]);
      for (const payload of said) expect(await client.frame()).toEqual(['1', null, 'a', 'said', payload]);
    },
  );
});
