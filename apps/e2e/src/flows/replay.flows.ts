import { describe, expect } from '@jest/globals';
import { waitFor } from '@headrace/testing';
import type { Backend } from '../support/backend.js';
import type { Stage, Test } from '../support/stage.js';
import type { ErrorAnswer, Replay } from '../support/wire.js';

/** How long may pass on a busy machine. */
const patience = { timeoutMs: 20_000, everyMs: 50 };

/** Answer of `GET /v1/dead-letters`: the fields that tests look at. */
export interface LetterList {
  readonly data: readonly { readonly id: string; readonly channel_id: string; readonly last_replay: unknown }[];
}

/** Lets an endpoint that was switched off take everything again. */
export async function recovers(stage: Stage, backend: Backend): Promise<void> {
  backend.receiver.reset();
  await stage.api.must('PATCH', `/v1/webhooks/${backend.endpoint.id}`, { active: true });
}

/** Requests whose webhooks a backend refused, so that they were given up; at most 100. */
export async function givenUpBy(stage: Stage, backend: Backend, count: number): Promise<LetterList['data']> {
  // Gone for good: no attempt follows, which other failures wait for. Such an answer switches the endpoint off, and
  // nothing more is planned for it, so there is none before all are planned.
  const { promise: allPlanned, resolve: answerNow } = Promise.withResolvers<void>();
  backend.answers(async () => {
    await allPlanned;
    return { status: 410 };
  });
  await Promise.all(Array.from({ length: count }, () => stage.api.ask({ workflow: 'demo' })));
  await listed(stage, backend, 'deliveries', count);
  answerNow();
  return listed(stage, backend, 'dead-letters', count);
}

/** What a list has of an endpoint, once there is so much of it. */
function listed(stage: Stage, { endpoint }: Backend, list: 'deliveries' | 'dead-letters', count: number) {
  return waitFor(
    async () => {
      const path = `/v1/${list}?endpoint_id=${endpoint.id}&limit=100`;
      const { data } = await stage.api.must<LetterList>('GET', path);
      return data.length === count && data;
    },
    { ...patience, what: `there are ${count} ${list} of the endpoint` },
  );
}

/** A replay, as soon as it is so. */
export const replayOnce = (stage: Stage, id: string, isSo: (replay: Replay) => boolean): Promise<Replay> =>
  waitFor(
    async () => {
      const replay = await stage.api.must<Replay>('GET', `/v1/replays/${id}`);
      return isSo(replay) && replay;
    },
    { ...patience, what: `the replay ${id} is as expected` },
  );

/** Sending many dead letters once more. */
export function replayFlows(test: Test): void {
  describe('a replay of many dead letters', () => {
    test('brings each to an endpoint that has recovered, once, and says how far it is', async (stage) => {
      const backend = await stage.backend();
      const letters = await givenUpBy(stage, backend, 5);
      await recovers(stage, backend);
      const body = { endpoint_id: backend.endpoint.id, since: '2020-01-01', rate_per_second: 100 };
      const { id, total } = await stage.api.must<Replay>('POST', '/v1/dead-letters/replay', body);
      expect(total).toBe(5);
      const done = await replayOnce(stage, id, ({ succeeded }) => succeeded === total);
      expect(done).toMatchObject({ status: 'completed', planned: 5, failed: 0, pending: 0, skipped: 0 });
      for (const letter of letters) {
        const [webhook, ...more] = backend.webhooksOf(letter.channel_id);
        expect(more).toEqual([]);
        const kept = await stage.api.must<{ payload: string; message_id: string; last_replay: { id: string } }>(
          'GET',
          `/v1/dead-letters/${letter.id}`,
        );
        expect(webhook?.body.toString()).toBe(kept.payload);
        expect(webhook?.headers['webhook-id']).toBe(kept.message_id);
        expect(webhook?.headers['mr-delivery-id']).toBe(kept.last_replay.id);
        const shown = await stage.deliveries(letter.channel_id, ({ status }) => status !== 'planned');
        expect(shown).toMatchObject([{ replay_of: null }, { status: 'success', replay_of: letter.id }]);
      }

      const again = await stage.api.must<Replay>('POST', '/v1/dead-letters/replay', {
        ids: letters.map((one) => one.id),
      });
      const skipped = await replayOnce(stage, again.id, ({ status }) => status === 'completed');
      expect(skipped).toMatchObject({ planned: 0, skipped: 5, skipped_reasons: { already_replayed: 5 } });
    });

    test('plans nothing further once it is cancelled', async (stage) => {
      const backend = await stage.backend();
      await givenUpBy(stage, backend, 3);
      await recovers(stage, backend);
      const slow = { endpoint_id: backend.endpoint.id, rate_per_second: 0.1 };
      const { id } = await stage.api.must<Replay>('POST', '/v1/dead-letters/replay', slow);
      await replayOnce(stage, id, ({ planned }) => planned === 1);
      expect(await stage.api.must<Replay>('POST', `/v1/replays/${id}/cancel`)).toMatchObject({ status: 'cancelled' });
      const resumed = await stage.api.call<ErrorAnswer>('POST', `/v1/replays/${id}/resume`);
      expect([resumed.status, resumed.body.error.code]).toEqual([409, 'replay_ended']);
      expect(await replayOnce(stage, id, ({ succeeded }) => succeeded === 1)).toMatchObject({ total: 3, planned: 1 });
    });
  });
}
