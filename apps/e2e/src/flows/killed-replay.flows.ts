import { expect } from '@jest/globals';
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
    for (const letter of givenUp) {
      const path = `/v1/deliveries?endpoint_id=${backend.endpoint.id}&channel_id=${letter.channel_id}`;
      const { data } = await stage.api.must<DeliveryList>('GET', path);
      expect(data.map(({ replay_of: of }) => of)).toEqual([letter.id, null]);
    }
  });
}
