import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { ChannelTokens } from '@headrace/secrets';
import { waitFor } from '@headrace/testing';
import { Balancer } from '../support/balancer.js';
import { FollowedRequests } from '../support/followed-requests.js';
import { distinctStates, follow, followerNames, pollingFollowerNames, textOf } from '../support/followers.js';
import { HeldAnswers } from '../support/held-answers.js';
import { testsOn } from '../support/stage.js';
import { masterKey, readinessOf, startSystem, type System } from '../support/system.js';
import type { AsyncReply } from '../support/wire.js';
import { createWorkflows, timeScale, workflows } from '../support/workflows.js';

const startLimitMs = 90_000;
const tokenLifeMs = 300_000;
/** Of waits for many clients and for processes, on a slow machine. */
const timeoutMs = 30_000;

/** Two hubs behind a balancer, as they run in production, and what happens to them there. */
export function describeTwoHubs(): void {
  describe('two hubs behind a balancer', () => {
    let balancer: Balancer;
    let system: System;
    let answers: HeldAnswers;
    /** One that closes at once when it is told to stop, and one that says so for a while before. */
    let first: string;
    let second: string;
    beforeAll(async () => {
      balancer = await Balancer.start();
      const environment = {
        HEADRACE_WEBSOCKET_URL: balancer.websocketUrl,
        // A tenth of the thirty that a hub has here, ten times a second.
        HEADRACE_REALTIME_CLOSES_PER_SECOND: '30',
      };
      system = await startSystem({ mode: 'six', timeScale, environment });
      await createWorkflows(system.api);
      answers = await HeldAnswers.start(system.api);
      first = system.urlOf('realtime-hub');
      balancer.add(first);
      second = await addSecond();
      await bothAreReady();
    }, startLimitMs);
    afterAll(async () => {
      await system?.stop();
      await Promise.all([balancer?.stop(), answers?.stop()]);
    }, startLimitMs);

    const addSecond = async (): Promise<string> => {
      const url = await system.addReplica('realtime-hub', { HEADRACE_SHUTDOWN_DELAY_MS: '500' });
      balancer.add(url);
      return url;
    };
    const bothAreReady = () =>
      waitFor(() => balancer.isReady(first) && balancer.isReady(second), { timeoutMs, what: 'both hubs are ready' });
    const test = testsOn(() => system);

    /** Two requests of each client. */
    const some = { told: 1, waiting: 1 } as const;

    test('are replaced one after the other, and every client gets its result', async (stage) => {
      const requests = await FollowedRequests.start(stage, answers, { told: 5, waiting: 10 });
      const clients = requests.all.length;
      expect(balancer.connections(first)).toBe(clients / 2);
      const opened = balancer.opened.length;

      const replaced = system.kill('realtime-hub', 'SIGTERM');
      await requests.say('goes ');
      expect(await replaced).toEqual({ code: 0, signal: null });
      await waitFor(() => balancer.connections(second) === clients, { timeoutMs, what: 'all are at the second hub' });
      await system.start();
      await bothAreReady();
      await requests.say('on ');
      const [replacement, ended] = [await addSecond(), system.endReplica(second, 'SIGTERM')];
      await requests.say('and on.');
      expect(await ended).toEqual({ code: 0, signal: null });
      balancer.remove(second);
      second = replacement;
      await requests.end();

      requests.expectAllDelivered();
      const lost = requests.all.flatMap((follower) => follower.lost);
      expect(new Set(lost)).toEqual(new Set([1012, 'disconnected Socket closed']));
      // Each came back as often as its hub went away, and then nobody came any more.
      expect(lost).toHaveLength(clients * 1.5);
      expect(balancer.opened).toHaveLength(opened + lost.length);
    });

    test('are replaced while clients poll, whichever hub each poll comes to', async (stage) => {
      const requests = await FollowedRequests.start(stage, answers, { told: 2, waiting: 2 }, pollingFollowerNames);
      const replaced = system.kill('realtime-hub', 'SIGTERM');
      await requests.say('goes ');
      expect(await replaced).toEqual({ code: 0, signal: null });
      await system.start();
      await bothAreReady();
      await requests.say('on.');
      await requests.end();
      requests.expectAllDelivered();
    });

    test('say that they are not ready before they close anything, and serve whoever comes until then', async (stage) => {
      const url = await system.addReplica('realtime-hub', { HEADRACE_SHUTDOWN_DELAY_MS: '10000' });
      const reply = await stage.api.ask({ workflow: workflows.eventDriven });
      const early = await stage.browser(at(url, reply));
      const ended = system.endReplica(url, 'SIGTERM');
      await waitFor(async () => (await readinessOf(url)) === 503, { what: 'the hub says that it is not ready' });
      const late = await stage.browser(at(url, reply));
      for (const browser of [early, late]) expect(await browser.next()).toMatchObject({ status: 'ai_generated' });
      // Whoever asks twice does not wait.
      void system.endReplica(url, 'SIGTERM');
      expect(await ended).toEqual({ code: 143, signal: null });
    });

    test('of which one is killed cost no client anything but its connection', async (stage) => {
      const requests = await FollowedRequests.start(stage, answers, some);
      await system.kill('realtime-hub', 'SIGKILL');
      // Those who were there hear at the other hub what was told so far.
      await requests.say('goes ');
      await system.start();
      await bothAreReady();
      await requests.end();
      requests.expectAllDelivered();
      const losers = requests.all.filter(({ lost }) => lost.length > 0);
      expect(losers.length).toBeGreaterThan(0);
      for (const { lost } of losers) expect(lost).toHaveLength(1);
    });

    test('lose nothing with NATS, neither states nor text, and no client its connection', async (stage) => {
      const requests = await FollowedRequests.start(stage, answers, some);
      await system.nats.kill();
      answers.say('goes ');
      await system.nats.restart();
      await system.start();
      await bothAreReady();
      await requests.say('on.');
      await requests.end();
      requests.expectAllDelivered();
      expect(requests.all.flatMap(({ lost }) => lost)).toEqual([]);
    });

    test('end in time while NATS is away, and their clients come back with it', async (stage) => {
      const requests = await FollowedRequests.start(stage, answers, { told: 0, waiting: 2 });
      await system.nats.kill();
      expect(await system.kill('realtime-hub', 'SIGTERM')).toEqual({ code: 0, signal: null });
      await system.nats.restart();
      await system.start();
      await bothAreReady();
      await requests.end();
      requests.expectAllDelivered();
    });

    const cuts = {
      'just before it ends': () => balancer.cut(),
      'in the middle of its end': () => balancer.cutBefore('"status":'),
      'between its end and the end of its channel': () => balancer.cutBefore('phx_close'),
    } as const;
    test.each(Object.keys(cuts) as (keyof typeof cuts)[])(
      'tell a request once that lost its connection %s',
      async (moment, stage) => {
        const requests = await FollowedRequests.start(stage, answers, some);
        cuts[moment]();
        await requests.end();
        requests.expectAllDelivered();
        const lost = new Set(requests.all.filter((follower) => follower.lost.length === 1).map(({ client }) => client));
        // Ours has no use for the end of a channel whose request has ended.
        const mayLose = followerNames.filter((name) => !moment.startsWith('between') || name.startsWith('phoenix'));
        expect(lost).toEqual(new Set(mayLose));
      },
    );

    test('tell several tabs of one request the same, whenever each came and wherever', async (stage) => {
      answers.begin();
      const reply = await stage.api.ask({ workflow: HeldAnswers.workflow });
      const tabsAt = (hub: string) => followerNames.map((client) => follow(stage, client, at(hub, reply)));
      const tabs = tabsAt(first);
      const hear = async (word: string): Promise<void> => {
        answers.say(word);
        await waitFor(() => tabs.every((tab) => textOf(tab) === answers.text), {
          timeoutMs,
          what: `all tabs hear "${word}"`,
        });
      };
      await hear('It ');
      await hear('goes ');
      tabs.push(...tabsAt(second));
      await hear('on.');
      answers.finish();
      await waitFor(() => tabs.every(({ hasEnded }) => hasEnded), { timeoutMs, what: 'all tabs know the end' });
      for (const tab of tabs) {
        expect(distinctStates(tab)).toEqual([`${reply.channel_id} success`]);
        expect(tab.tellings).toHaveLength(1);
        expect(tab.tellings[0]?.map(({ index }) => index)).toEqual([...(tab.tellings[0] ?? []).keys()]);
        expect(tab.states[0]).toMatchObject({ content: 'It goes on.' });
      }
    });

    test('let a client back in whose token has expired while it was there', async (stage) => {
      const backend = await stage.backend();
      const reply = await stage.api.ask({ workflow: workflows.eventDriven });
      // The channel is used in time, whenever the others come.
      await (await stage.browser(reply)).next();
      const goodUntil = Date.now() + 2_000;
      const madeAt = new Date(goodUntil - tokenLifeMs);
      const ws_token = await new ChannelTokens(masterKey).mint(reply.project_id, reply.channel_id, madeAt);
      const followers = followerNames.map((client) => follow(stage, client, { ...reply, ws_token }));
      await waitFor(() => followers.every(({ states }) => states.length > 0), { timeoutMs, what: 'the first states' });
      await waitFor(() => Date.now() > goodUntil + 1_000, { what: 'the token has expired' });
      balancer.cut();
      await backend.callback(await backend.webhook(reply.channel_id), { data: { id: 'row-1' } });
      await waitFor(() => followers.every(({ hasEnded }) => hasEnded), { timeoutMs, what: 'everybody knows the end' });
      for (const follower of followers) {
        expect(distinctStates(follower).at(-1)).toBe(`${reply.channel_id} completed`);
        expect(follower).toMatchObject({ hasFailed: false, lost: { length: 1 } });
      }
    });
  });
}

/** The same request at one hub, around the balancer. */
const at = (hub: string, reply: AsyncReply): AsyncReply => ({
  ...reply,
  websocket_url: `${hub.replace('http', 'ws')}/socket`,
});
