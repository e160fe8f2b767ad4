import { statSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openChannel, waitFor } from '@headrace/testing';
import { AllInOne } from './support/all-in-one.js';
import { isFinal, watchToTheEnd } from './support/browser.js';
import { stillRuns } from './support/processes.js';

const limitMs = 120_000;
/** A callback window of five minutes lasts half a minute, a whole test and more. */
const timeScale = 10;

/** The system that one command runs: the tests follow each other on one data folder, as a user's days do. */
describe('the all-in-one process with its own servers', () => {
  let system: AllInOne;
  let finished: string;
  let waiting: string[];
  beforeAll(async () => {
    system = await AllInOne.prepare(timeScale);
  });
  afterAll(() => system.remove(), limitMs);

  it(
    'starts on an empty folder and answers the first request',
    async () => {
      await system.start();
      const reply = await system.api.ask({ workflow: 'demo' });
      const frames = await watchToTheEnd(reply, AbortSignal.timeout(20_000));
      expect(frames).toMatchObject([{ status: 'success' }]);
      finished = reply.channel_id;
      expect(system.children.map(({ command }) => command)).toEqual(
        expect.arrayContaining(['nats-server', 'postgres']),
      );
    },
    limitMs,
  );

  it('shows where it is and the key that it made, and keeps the key for its owner only', () => {
    expect(system.output()).toContain(system.api.url);
    expect(system.output()).toContain(system.api.key);
    expect(statSync(system.keyFile).mode & 0o777).toBe(0o600);
  });

  it(
    'stops at Ctrl-C with status 0 and leaves no children behind',
    async () => {
      expect(await system.end('SIGINT')).toEqual({ code: 0, signal: null });
      expect(system.children.filter(stillRuns)).toEqual([]);
    },
    limitMs,
  );

  it(
    'finds its data again at the second start, and does not show the key any more',
    async () => {
      await system.start();
      expect(await system.api.request(finished)).toMatchObject({ state: 'success' });
      expect(system.output()).not.toContain(system.api.key);
    },
    limitMs,
  );

  it(
    'loses nothing when it is killed with kill -9 and started again, beside the servers it left behind',
    async () => {
      const asks = Array.from({ length: 20 }, () => system.api.ask({ workflow: 'demo_event' }));
      const replies = await Promise.all(asks);
      waiting = replies.map(({ channel_id: channel }) => channel);
      await system.end('SIGKILL');
      await system.start();
      for (const channel of waiting) {
        await waitFor(async () => (await system.api.request(channel)).state === 'ai_generated', {
          what: `${channel} was answered by the AI`,
        });
        expect((await system.api.call('POST', `/v1/callback/${channel}`, { data: { channel } })).status).toBe(200);
        expect(await system.api.request(channel)).toMatchObject({ state: 'completed', result: { data: { channel } } });
      }
      const [reply] = replies;
      if (!reply) throw new Error('Nothing was asked.');
      const late = await openChannel({
        websocketUrl: reply.websocket_url,
        topic: reply.websocket_channel,
        token: reply.ws_token,
      });
      await late.ended;
      late.drop();
      expect(late.frames.filter(isFinal)).toMatchObject([{ status: 'completed' }]);
    },
    limitMs,
  );

  it(
    'leaves no children behind after that either',
    async () => {
      await system.end('SIGTERM');
      await waitFor(() => !system.children.some(stillRuns), { what: 'all children are gone' });
    },
    limitMs,
  );

  it(
    'says so and stops when one of its servers dies, and goes on at the next start',
    async () => {
      await system.start();
      expect(await system.loseServer('nats-server')).toEqual({ code: 0, signal: null });
      expect(system.output()).toContain('A server that Headrace had started ended by itself');
      await system.start();
      expect(await system.api.request(finished)).toMatchObject({ state: 'success' });
    },
    limitMs,
  );
});
