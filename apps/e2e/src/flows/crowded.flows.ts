import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { waitFor } from '@headrace/testing';
import { anAsk, ApiClient } from '../support/api-client.js';
import { testsOn, type Stage } from '../support/stage.js';
import { startSystem, type System } from '../support/system.js';
import type { AsyncReply } from '../support/wire.js';

const startLimitMs = 90_000;
/** Of four places one project gets three. */
const fewPlaces = { HEADRACE_GENERATIONS_IN_FLIGHT: '4', HEADRACE_GENERATIONS_WAITING: '2' };
const flood = 90;

const offline = { provider: 'offline', model: 'any', workflow: undefined };

/** Accepts what takes far longer than there are places for. */
const floodWith = ({ api }: Stage, metadata: object): Promise<AsyncReply[]> =>
  Promise.all(Array.from({ length: flood }, () => api.ask({ ...offline, metadata })));

async function ended({ api }: Stage, replies: readonly AsyncReply[]): Promise<number> {
  const states = await Promise.all(replies.map(({ channel_id }) => api.request(channel_id)));
  return states.filter(({ state }) => state === 'success').length;
}

/** Many more requests than places. */
export function describeCrowd(): void {
  describe('a system in which there are few places for many requests', () => {
    let system: System;
    beforeAll(async () => {
      system = await startSystem({ mode: 'six', timeScale: 1, environment: fewPlaces });
    }, startLimitMs);
    afterAll(() => system?.stop(), startLimitMs);
    const test = testsOn(() => system);

    test('answers a project at once while another has many waiting', async (stage) => {
      const flooding = await floodWith(stage, { latency_ms: 300 });
      const calm = new ApiClient(stage.api.url, await stage.system.newProjectKey('Calm'));
      const askedAt = performance.now();
      const { body } = await calm.call<AsyncReply>('POST', '/v1/ai/async', anAsk({ ...offline }));
      expect(await (await stage.browser(body)).next()).toMatchObject({ status: 'success' });
      expect(performance.now() - askedAt).toBeLessThan(2_000);
      expect(await ended(stage, flooding)).toBeLessThan(flood);
      await waitFor(async () => (await ended(stage, flooding)) === flood, { timeoutMs: 50_000, everyMs: 500 });
    });

    test('loses none of those that wait when the process that has them is killed', async (stage) => {
      const replies = await floodWith(stage, { latency_ms: 150 });
      await waitFor(async () => (await ended(stage, replies)) > 5, { everyMs: 50 });
      await stage.system.kill('ai-runner');
      expect(await ended(stage, replies)).toBeLessThan(flood);
      await stage.system.start();
      await waitFor(async () => (await ended(stage, replies)) === flood, { timeoutMs: 50_000, everyMs: 500 });
    });
  });
}
