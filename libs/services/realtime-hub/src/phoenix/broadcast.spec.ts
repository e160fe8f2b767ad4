import type { ServerPayload } from '@headrace/contracts';
import { expect, it } from '@jest/globals';
import { PhoenixMounts } from '../testing/phoenix-mounts.js';
import { RawClient } from '../testing/raw-client.js';
import { broadcast } from './broadcast.js';
import type { ChannelHandler } from './channel-handler.port.js';
import { pushToAll } from './shared-frame.js';
import type { Subscription } from './subscription.js';

/** Has everybody who joined, for the test to tell them something. */
class Crowd implements ChannelHandler<unknown> {
  readonly joinedBy = new Set<Subscription<unknown>>();
  readonly join = () => ({ status: 'ok' }) as const;
  readonly joined = (subscription: Subscription<unknown>) => void this.joinedBy.add(subscription);
  readonly leave = (subscription: Subscription<unknown>) => void this.joinedBy.delete(subscription);
  readonly handle = () => ({});
}

/** Knows how often it was made into text. */
class CountedPayload {
  count = 0;
  toJSON(): object {
    this.count += 1;
    return { what: 'said' };
  }
}

it.each([
  ['broadcast', broadcast],
  [
    'pushToAll',
    (all: Iterable<Subscription<unknown>>, _topic: string, event: string, payload: ServerPayload) =>
      pushToAll(all, event, payload),
  ],
])('%s encodes once per version, however many get it', async (_name, tell) => {
  const crowd = new Crowd();
  const mounts = await PhoenixMounts.start({ channelFor: () => crowd });
  const clients: RawClient[] = [];
  for (let n = 0; n < 10; n += 1) {
    const vsn = n % 2 === 0 ? '1.0.0' : '2.0.0';
    const client = await RawClient.connect(mounts.url(`/socket/websocket?vsn=${vsn}`));
    const join = { topic: 'ai:t', event: 'phx_join', payload: {}, ref: '1', join_ref: '1' };
    client.send(vsn === '1.0.0' ? join : ['1', '1', 'ai:t', 'phx_join', {}]);
    await client.frame();
    clients.push(client);
  }
  const payload = new CountedPayload();
  tell(crowd.joinedBy, 'ai:t', 'said', payload as unknown as ServerPayload);
  for (const client of clients) expect(JSON.stringify(await client.frame())).toContain('{"what":"said"}');
  expect(payload.count).toBe(2);
  clients.forEach((client) => client.drop());
  await mounts.stop();
});
