import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HeadraceSettings } from '@headrace/config';
import { waitFor } from '@headrace/testing';
import { DeadLetterChores } from './dead-letter-chores.js';
import { ExpiredDeadLetters } from './expiry/expired-dead-letters.js';
import { ReplayHarness } from './testing/replay.harness.js';

let harness: ReplayHarness;
beforeAll(async () => {
  harness = await ReplayHarness.start();
}, 60_000);
afterAll(() => harness.close());

const chores = (): DeadLetterChores => {
  const { readModel, work } = harness;
  const expired = new ExpiredDeadLetters(readModel, work, new HeadraceSettings());
  return new DeadLetterChores(harness.worker().runner, expired);
};

describe('a process with the dead-letter keeper', () => {
  it('works off replays and counts their ends from its start until it stops', async () => {
    const running = chores();
    running.onApplicationBootstrap();
    const letters = await harness.letters(3);
    const replay = await harness.replay(letters);
    await waitFor(async () => (await harness.stand(replay)).status === 'completed');
    for (const letter of letters) await harness.end(letter, 'success');
    await waitFor(async () => (await harness.stand(replay)).succeeded === 3);
    await running.beforeApplicationShutdown();

    const late = await harness.replay(await harness.letters(1));
    expect(await harness.stand(late)).toMatchObject({ status: 'running', planned: 0 });
    const next = chores();
    next.onApplicationBootstrap();
    await waitFor(async () => (await harness.stand(late)).status === 'completed');
    await next.beforeApplicationShutdown();
  });
});
