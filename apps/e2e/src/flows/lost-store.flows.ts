import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { waitFor } from '@headrace/testing';
import type { Backend } from '../support/backend.js';
import { allEnded, deliveryIsProjected, knownRequests } from '../support/lost-store.js';
import { testsOn, type Test } from '../support/stage.js';
import { startSystem, type Mode, type System } from '../support/system.js';
import { createWorkflows, timeScale, workflows } from '../support/workflows.js';

const startLimitMs = 90_000;
const requests = 60;
/** Long enough for a request to be in the provider's hands while the store is lost. */
const slow = { metadata: { latency_ms: 3_000 } };

/** NATS comes back with nothing in its store, under a system that runs. */
export function describeLostStore(mode: Mode): void {
  describe(`the system in ${mode} ${mode === 'one' ? 'process' : 'processes'}, whose NATS lost its store,`, () => {
    let system: System;
    beforeAll(async () => {
      system = await startSystem({ mode, timeScale });
      await createWorkflows(system.api);
    }, startLimitMs);
    afterAll(() => system?.stop(), startLimitMs);

    const test = testsOn(() => system);
    goesOn(test);
    losesOnlyWhatWasNotProjected(test);
  });
}

function goesOn(test: Test): void {
  test('ends every request that was open, as if nothing had happened', async (stage) => {
    const { system, api } = stage;
    const backend = await stage.backend();
    const ask = (body: object) => Promise.all(Array.from({ length: requests }, () => api.ask({ ...body })));
    const waiting = channelsOf(await ask({ workflow: workflows.eventDriven }));
    const running = channelsOf(await ask({ workflow: 'demo', ...slow }));
    await waitFor(
      async () => {
        const known = await knownRequests(stage);
        return waiting.every((one) => known.get(one) === 'ai_generated') && running.every((one) => known.has(one));
      },
      { what: 'every request is projected' },
    );
    for (const channel of waiting) await deliveryIsProjected(stage, channel);

    await system.nats.kill();
    await system.nats.restartEmpty();
    const back = Date.now();
    await Promise.all(waiting.map((channel) => callBack(backend, channel)));
    const ended = await allEnded(stage, [...waiting, ...running]);
    process.stderr.write(`The store was lost: all ${2 * requests} ended ${Date.now() - back} ms after NATS was back\n`);

    expect(new Set(waiting.map((channel) => ended.get(channel)))).toEqual(new Set(['completed']));
    expect(new Set(running.map((channel) => ended.get(channel)))).toEqual(new Set(['success']));
    for (const channel of running) await expectOneMessage(backend, channel, 'task.completed');
    for (const channel of waiting) await expectOneMessage(backend, channel, 'task.ai_generated');
  });
}

/** The honest limit: what was accepted in the moment before, and had not reached Postgres, nobody knows any more. */
function losesOnlyWhatWasNotProjected(test: Test): void {
  test('ends every request that Postgres knew when it was lost in the middle of a burst', async (stage) => {
    const { system, api } = stage;
    const before = new Set((await knownRequests(stage)).keys());
    const accepted: { readonly channel: string; readonly at: number }[] = [];
    const asking = new AbortController();
    const askers = Array.from({ length: 4 }, async () => {
      while (!asking.signal.aborted) {
        const { channel_id: channel } = await api.ask({ workflow: 'demo', metadata: { latency_ms: 300 } });
        accepted.push({ channel, at: Date.now() });
      }
    });
    const asked = Promise.allSettled(askers);
    await waitFor(() => accepted.length >= 2 * requests, { everyMs: 1 });
    await system.nats.kill();
    const killedAt = Date.now();
    asking.abort();
    await asked;
    await system.nats.restartEmpty();
    // Batches of the projector that were on their way to Postgres arrive; more cannot come.
    await delay(1_000);
    const known = [...(await knownRequests(stage)).keys()].filter((channel) => !before.has(channel));
    const ended = await allEnded(stage, known);
    expect(known.map((channel) => ended.get(channel)).filter((state) => state !== 'success')).toEqual([]);

    const unknown = accepted.filter(({ channel }) => !known.includes(channel));
    const window = unknown.length === 0 ? 0 : killedAt - Math.min(...unknown.map(({ at }) => at));
    process.stderr.write(
      `The store was lost in a burst: ${unknown.length} of ${accepted.length} were not projected, ` +
        `the oldest accepted ${window} ms before the kill\n`,
    );
    expect(known.length + unknown.length).toBeGreaterThanOrEqual(accepted.length);
  });
}

async function callBack(backend: Backend, channel: string): Promise<void> {
  const webhook = await backend.webhook(channel, 'task.ai_generated');
  await waitFor(async () => (await backend.callback(webhook, { data: { channel } })).status === 200, {
    timeoutMs: 20_000,
    everyMs: 100,
    what: `the callback of ${channel} is taken`,
  });
}

async function expectOneMessage(backend: Backend, channel: string, type: string): Promise<void> {
  const ofType = () => backend.webhooksOf(channel).filter(({ body }) => body.includes(`"type":"${type}"`));
  // It follows the end.
  await waitFor(() => ofType().length > 0, { what: `${type} of ${channel} has arrived` });
  const received = ofType();
  expect(new Set(received.map(({ body }) => body.toString())).size).toBe(1);
  expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  // All of it was projected, so what was sent before is known to have been.
  expect(received).toHaveLength(1);
}

const channelsOf = (replies: readonly { readonly channel_id: string }[]): string[] =>
  replies.map(({ channel_id: channel }) => channel);
