import { expect } from '@jest/globals';
import { waitFor } from '@headrace/testing';
import type { Test } from '../support/stage.js';
import type { Replay } from '../support/wire.js';
import { givenUpBy, recovers, replayOnce } from './replay.flows.js';

const letters = 40;

interface DeliveryList {
  readonly data: readonly { readonly id: string; readonly replay_of: string | null }[];
}

/** `kill -9` of whoever works off a replay, in its middle. */
export function killedWhileItReplays(test: Test): void {
  test('replays every dead letter once when it is killed in the middle', async (stage) => {
    const backend = await stage.backend();
    const givenUp = await givenUpBy(stage, backend, letters);
    await recovers(stage, backend);
    const body = { endpoint_id: backend.endpoint.id, rate_per_second: letters };
    const { id } = await stage.api.must<Replay>('POST', '/v1/dead-letters/replay', body);
    const before = await replayOnce(stage, id, ({ planned }) => planned >= letters / 4);
    expect(before.status).toBe('running');
    await stage.system.kill('webhook-dispatcher');
    await stage.system.start();
    const done = await replayOnce(stage, id, ({ succeeded }) => succeeded === letters);
    expect(done).toMatchObject({ status: 'completed', total: letters, planned: letters, skipped: 0 });
    for (const { id: letter, channel_id: channel } of givenUp) {
      const path = `/v1/deliveries?endpoint_id=${backend.endpoint.id}&channel_id=${channel}`;
      // What the killed process had taken from the log to show it here is shown once another one has taken it again.
      const shown = await waitFor(
        async () => {
          const { data } = await stage.api.must<DeliveryList>('GET', path);
          return data.length > 1 && data;
        },
        { timeoutMs: 20_000, everyMs: 50, what: `the list shows the replay of ${letter}` },
      );
      expect(shown.map(({ replay_of: of }) => of)).toEqual([letter, null]);
    }
  });
}
