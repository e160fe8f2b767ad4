import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { followRequest, type ChannelAccess, type ConnectOptions } from '@headrace/client';
import { ChannelTokens } from '@headrace/secrets';
import { ToxicProxy } from '@headrace/testing';
import { Page, SiteStorage } from '../support/page.js';
import { testsOn, type Stage, type Test } from '../support/stage.js';
import { masterKey, startSystem, type Mode, type System } from '../support/system.js';
import type { AsyncReply } from '../support/wire.js';
import { createWorkflows, timeScale, workflows } from '../support/workflows.js';
import { narrowNetworkFlows } from './narrow-network.flows.js';

const startLimitMs = 90_000;

const slowly = { chunks: 20, chunk_delay_ms: 60 };
const story = [{ role: 'user', content: 'Tell me a story of a river that turns a wheel, in many words and twice.' }];
const askSlowly = ({ api }: Stage): Promise<AsyncReply> =>
  api.ask({ workflow: 'demo', stream: true, metadata: slowly, messages: story });

const optionsOf = (reply: AsyncReply): ConnectOptions => ({
  channelId: reply.channel_id,
  wsToken: reply.ws_token,
  websocketUrl: reply.websocket_url,
  websocketChannel: reply.websocket_channel,
});

/** A network to the hub that can be made bad. */
async function networkTo(stage: Stage, { websocket_url: url }: AsyncReply): Promise<ToxicProxy> {
  const proxy = await ToxicProxy.start(url);
  stage.atEnd(() => proxy.stop());
  return proxy;
}

/** Pages with our own client, on a system of their own. */
export function describeBrowserClient(mode: Mode): void {
  describe(`the browser client, on the system in ${mode} ${mode === 'one' ? 'process' : 'processes'}`, () => {
    let system: System;
    beforeAll(async () => {
      system = await startSystem({ mode, timeScale });
      await createWorkflows(system.api);
    }, startLimitMs);
    afterAll(() => system?.stop(), startLimitMs);

    browserClientFlows(testsOn(() => system));
    // What carries frames is nothing that the number of processes changes.
    if (mode === 'one') narrowNetworkFlows(testsOn(() => system));
  });
}

function browserClientFlows(test: Test): void {
  describe('a page with our client', () => {
    test('follows a request to its end, however late it comes', async (stage) => {
      const reply = await stage.api.ask({ workflow: 'demo', metadata: { order: 7 } });
      for (let times = 0; times < 2; times += 1) {
        const page = Page.load(stage);
        page.client.connect(optionsOf(reply));
        expect(await page.final()).toMatchObject({ status: 'success', customer_data: { order: 7 } });
        expect(page.events).toEqual(['connected', 'channel_joined', 'disconnected Socket closed']);
        expect(page.client.getState()).toMatchObject({ isCompleted: true, error: null, hasPendingRequest: false });
        expect(page.client.getState().steps.every(({ status }) => status === 'success')).toBe(true);
      }
    });

    test('shows an event-driven request with its backend', async (stage) => {
      const backend = await stage.backend();
      const reply = await stage.api.ask({ workflow: workflows.eventDriven });
      const page = Page.load(stage);
      page.client.connect(optionsOf(reply));
      expect(await page.until('response')).toMatchObject({ status: 'ai_generated', event_name: 'row_ready' });
      expect(page.client.getState().steps[2]).toMatchObject({ id: 'backend', status: 'pending' });
      const final = page.final();
      await backend.callback(await backend.webhook(reply.channel_id), { data: { id: 'row-1' } });
      expect(await final).toMatchObject({ status: 'completed', data: { id: 'row-1' } });
      expect(page.responses).toHaveLength(2);
    });

    test('shows text without gaps or repeats, although its connection is lost twice', async (stage) => {
      const reply = await askSlowly(stage);
      const network = await networkTo(stage, reply);
      const page = Page.load(stage);
      page.client.connect({ ...optionsOf(reply), websocketUrl: network.through(reply.websocket_url) });
      const final = page.final();
      for (let times = 0; times < 2; times += 1) {
        await page.until('tokens');
        network.resetAll();
        await page.until('channel_joined');
      }
      expect(await final).toMatchObject({ status: 'success', content: page.shown });
      expect(page.tokens.map(({ index }) => index)).toEqual([...page.tokens.keys()]);
      expect(page.client.getState().text).toBe(page.shown);
      expect(page.responses).toHaveLength(1);
    });

    test('notices a network that swallows everything, and comes back when it is well', async (stage) => {
      const backend = await stage.backend();
      const reply = await stage.api.ask({ workflow: workflows.eventDriven });
      const network = await networkTo(stage, reply);
      const page = Page.load(stage, { heartbeatInterval: 200 });
      page.client.connect({ ...optionsOf(reply), websocketUrl: network.through(reply.websocket_url) });
      await page.until('response');
      network.become({ blackHole: true });
      await page.until('disconnected');
      await backend.callback(await backend.webhook(reply.channel_id), { data: { id: 'row-1' } });
      const final = page.final();
      network.heal();
      expect(await final).toMatchObject({ status: 'completed' });
      expect(page.responses.map(({ status }) => status)).toEqual(['ai_generated', 'completed']);
    });

    test('that is loaded again goes on with the request, and with its text', async (stage) => {
      const storage = new SiteStorage();
      const first = Page.load(stage, { storage });
      first.client.connect(optionsOf(await askSlowly(stage)));
      await first.until('tokens');
      first.unload();
      const second = Page.load(stage, { storage });
      expect(second.client.reconnect()).toBe(true);
      expect(await second.final()).toMatchObject({ status: 'success', content: second.shown });
      expect([...storage.items]).toEqual([]);
    });

    test('says why a request failed', async (stage) => {
      const failed = Page.load(stage);
      failed.client.connect(optionsOf(await stage.api.ask({ workflow: 'demo', metadata: { error: 400 } })));
      const { status, error } = await failed.final();
      expect(status).toBe('error');
      expect(failed.client.getState()).toMatchObject({ error: error?.message, errorCode: error?.code });

      await stage.backend();
      const late = Page.load(stage);
      late.client.connect(optionsOf(await stage.api.ask({ workflow: workflows.shortWindow })));
      expect(await late.final()).toMatchObject({ status: 'error', error: { code: 'callback_timeout' } });
      expect(late.client.getState().steps).toMatchObject([
        {},
        { status: 'success' },
        { id: 'backend', status: 'error' },
        {},
        {},
      ]);
    });

    test('is refused with the token of another request, and does not try again', async (stage) => {
      const [mine, other] = [await stage.api.ask({ workflow: 'demo' }), await stage.api.ask({ workflow: 'demo' })];
      const page = Page.load(stage);
      const refused = page.until('disconnected');
      page.client.connect({ ...optionsOf(mine), wsToken: other.ws_token });
      await refused;
      expect(page.events).toEqual([
        'connected',
        'channel_error unauthorized_project_access',
        'disconnected Unauthorized: You do not have access to this project',
        'error Unauthorized: You do not have access to this project',
      ]);
    });

    test('follows several requests at once', async (stage) => {
      const asked = await Promise.all(
        [1, 2, 3, 4, 5].map((order) => stage.api.ask({ workflow: 'demo', metadata: { order, latency_ms: 100 } })),
      );
      const results = await Promise.all(asked.map((reply) => followRequest(optionsOf(reply))));
      expect(results.map(({ customer_data: data }) => data?.order)).toEqual([1, 2, 3, 4, 5]);
    });

    test('stops following when it is told to', async (stage) => {
      const abort = new AbortController();
      const reply = await askSlowly(stage);
      const followed = followRequest(optionsOf(reply), { signal: abort.signal, onTokens: () => abort.abort() });
      await expect(followed).rejects.toMatchObject({ name: 'AbortError' });
    });
  });

  describe('a token that has expired', () => {
    /** As the API would have answered ten minutes ago. */
    async function anOldReply({ api }: Stage): Promise<AsyncReply> {
      const reply = await api.ask({ workflow: 'demo' });
      const tenMinutesAgo = new Date(Date.now() - 600_000);
      return {
        ...reply,
        ws_token: await new ChannelTokens(masterKey).mint(reply.project_id, reply.channel_id, tenMinutesAgo),
      };
    }

    test('is replaced through the backend of the page', async (stage) => {
      const refreshAccess = (channel: string) =>
        stage.api.must<ChannelAccess>('POST', '/v1/ai/reconnect', { channel_id: channel });
      const page = Page.load(stage, { refreshAccess });
      page.client.connect(optionsOf(await anOldReply(stage)));
      expect(await page.final()).toMatchObject({ status: 'success' });
    });

    test('is replaced by the server itself where the project lets it', async (stage) => {
      const reply = await anOldReply(stage);
      const change = (open: boolean) =>
        stage.api.must('PATCH', `/v1/projects/${reply.project_id}`, { public_reconnect: open });
      await change(true);
      stage.atEnd(async () => void (await change(false)));
      const page = Page.load(stage, { apiBaseUrl: stage.api.url });
      page.client.connect(optionsOf(reply));
      expect(await page.final()).toMatchObject({ status: 'success' });
    });

    test('is the end where there is no other', async (stage) => {
      const page = Page.load(stage, { apiBaseUrl: stage.api.url });
      page.client.connect(optionsOf(await anOldReply(stage)));
      await page.until('disconnected', (reason) => reason !== 'Socket closed');
      expect(page.client.getState()).toMatchObject({ connectionState: 'error', errorCode: 'refused' });
    });
  });

  describe('a hub that goes away and comes back', () => {
    test.each(['SIGTERM', 'SIGKILL'] as const)('by %s costs a page nothing', async (signal, stage) => {
      const backend = await stage.backend();
      const reply = await stage.api.ask({ workflow: workflows.eventDriven });
      const pages = [Page.load(stage), Page.load(stage)];
      for (const page of pages) {
        page.client.connect(optionsOf(reply));
        await page.until('response');
      }
      const webhook = await backend.webhook(reply.channel_id);
      await stage.system.kill('realtime-hub', signal);
      await stage.system.start();
      const ends = pages.map((page) => page.final());
      await backend.callback(webhook, { data: { id: 'row-1' } });
      for (const end of ends) expect(await end).toMatchObject({ status: 'completed', data: { id: 'row-1' } });
      for (const { responses } of pages) {
        expect(responses.map(({ status }) => status)).toEqual(['ai_generated', 'completed']);
      }
    });
  });
}
