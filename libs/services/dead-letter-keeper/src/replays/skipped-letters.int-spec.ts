import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HeadraceSettings } from '@headrace/config';
import { aWebhookEndpoint } from '@headrace/project-store/testing';
import type { NewReplay, ReplayRow } from '@headrace/read-model';
import { waitFor } from '@headrace/testing';
import { ExpiredDeadLetters } from '../expiry/expired-dead-letters.js';
import { ReplayHarness, replayProject, type Letter } from '../testing/replay.harness.js';

let harness: ReplayHarness;

beforeAll(async () => {
  harness = await ReplayHarness.start();
}, 60_000);
afterAll(() => harness.close());

/** Makes a replay and works it off. */
async function replayed(
  letters: readonly Letter[],
  more: Partial<NewReplay> = {},
  project = replayProject(),
): Promise<ReplayRow> {
  const { runner } = harness.worker({ project });
  const replay = await harness.replay(letters, more);
  return waitFor(
    async () => {
      await runner.step();
      const now = await harness.stand(replay);
      return now.status === 'completed' && now;
    },
    { everyMs: 1 },
  );
}

/** Tells the read model what was planned of a letter. */
const projectReplays = async (letter: Letter) => harness.project(await harness.replaysOf(letter));

describe('letters of a replay that are skipped', () => {
  it('are those whose endpoint is gone or switched off', async () => {
    const letters = [...(await harness.letters(2)), ...(await harness.letters(1, 'endpoint-2'))];
    const off = aWebhookEndpoint({ id: 'endpoint-2', active: false });
    const done = await replayed(letters, {}, replayProject({ endpoints: [off] }));
    expect(done).toMatchObject({ planned: 0, skipped: { endpoint_removed: 2, endpoint_disabled: 1 } });
  });

  it('are not those whose endpoint is gone when another one is named', async () => {
    const letters = await harness.letters(2);
    const other = replayProject({ endpoints: [aWebhookEndpoint({ id: 'endpoint-2', url: 'https://other.test/' })] });
    expect(await replayed(letters, { toEndpointId: 'endpoint-2' }, other)).toMatchObject({ planned: 2 });
    const [replay] = await harness.replaysOf(letters[0] as Letter);
    expect(replay?.data).toMatchObject({ endpointId: 'endpoint-2', url: 'https://other.test/' });
  });

  it('are those that were replayed well, unless they are asked for all the same', async () => {
    const letters = await harness.letters(1);
    const [letter] = letters as [Letter];
    await replayed(letters);
    await harness.end(letter, 'success');
    expect(await replayed(letters)).toMatchObject({ planned: 0, skipped: { already_replayed: 1 } });
    expect(await replayed(letters, { toEndpointId: 'endpoint-2' })).toMatchObject({ planned: 1 });
    expect(await replayed(letters, { includeReplayed: true })).toMatchObject({ planned: 1 });
  });

  it('are those that are being replayed', async () => {
    const letters = await harness.letters(1);
    await replayed(letters);
    await projectReplays(letters[0] as Letter);
    expect(await replayed(letters)).toMatchObject({ planned: 0, skipped: { replay_in_progress: 1 } });
  });

  it('are those whose own replay is a letter of it too, so that the payload comes once', async () => {
    const letters = await harness.letters(1);
    const [letter] = letters as [Letter];
    await replayed(letters);
    const again = await harness.end(letter, 'error');
    expect(await replayed([letter, ...again])).toMatchObject({ planned: 1, skipped: { superseded: 1 } });
    const last = (await harness.replaysOf(letter)).at(-1);
    expect(last?.data).toMatchObject({ replayOf: again[0]?.id, messageId: letter.planned.messageId });
  });

  it('are those that are kept no longer', async () => {
    const letters = await harness.letters(1);
    const [{ channel }] = letters as [Letter];
    for (const [stream, filter] of [
      ['EVENTS', `evt.*.${channel}.>`],
      ['DLQ', `dlq.delivery.*.*.${channel}.>`],
    ] as const) {
      const purge = JSON.stringify({ filter });
      await harness.jetStream.connection.client.request(`$JS.API.STREAM.PURGE.${stream}`, purge);
    }
    expect(await replayed(letters)).toMatchObject({ planned: 0, skipped: { expired: 1 } });
  });
});

describe('dead letters whose time is over', () => {
  it('leave the lists, and replays that ended as long ago go with them', async () => {
    const letters = await harness.letters(3);
    const replay = await replayed(letters);
    const { readModel, work } = harness;
    const forgetting = (deadLetterDays: number) =>
      new ExpiredDeadLetters(readModel, work, Object.assign(new HeadraceSettings(), { deadLetterDays })).forget();
    expect(await forgetting(30)).toBe(60_000);
    expect(await readModel.deadLetter(letters[0]?.id ?? '')).toBeDefined();
    expect(await harness.store.find(replay.id)).toBeDefined();
    // Nothing is a day old: a negative age stands for a day later.
    await forgetting(-1);
    await forgetting(-1);
    expect(await readModel.deadLetter(letters[0]?.id ?? '')).toBeUndefined();
    expect(await harness.store.find(replay.id)).toBeUndefined();
  });
});
