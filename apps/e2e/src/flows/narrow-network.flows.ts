import { describe, expect } from '@jest/globals';
import { followRequest, type AsyncResponse, type ChannelAccess } from '@headrace/client';
import { ChannelTokens } from '@headrace/secrets';
import { Network, type WebSockets } from '../support/network.js';
import { Page, SiteStorage } from '../support/page.js';
import type { Stage, Test } from '../support/stage.js';
import { masterKey } from '../support/system.js';
import { aStory } from '../support/web-site.js';
import { workflows } from '../support/workflows.js';

/** How soon pages of these tests give a WebSocket up that is silent; one that is refused tells them before. */
const longPollFallbackMs = { silent: 500, blocked: 30_000 };

/** A request that is asked for, and how to follow it through a network that lets no WebSockets through. */
async function asked(stage: Stage, question: object, webSockets: WebSockets = 'blocked') {
  const reply = await stage.api.ask({ workflow: 'demo', ...question });
  const network = await Network.before(reply.websocket_url.replace(/^ws/, 'http'));
  network.webSockets = webSockets;
  stage.atEnd(() => network.stop());
  const request: AsyncResponse = { ...reply, status: 'pending', websocket_url: network.websocketUrl };
  return { network, reply, request };
}

/** Pages with our own client, where only requests get through. */
export function narrowNetworkFlows(test: Test): void {
  describe('a page with our client, in a network without WebSockets', () => {
    test.each(['blocked', 'silent'] as const)(
      'is told everything once where they are %s',
      async (webSockets, stage) => {
        const { network, request } = await asked(stage, aStory, webSockets);
        const page = Page.load(stage, { longPollFallbackMs: longPollFallbackMs[webSockets] });
        page.client.connect(request);
        expect(await page.final()).toMatchObject({ status: 'success', content: page.shown });
        expect(page.tokens.length).toBeGreaterThan(1);
        expect(page.responses).toHaveLength(1);
        const ways = network.requests.map(({ method, path, isUpgrade }) => `${isUpgrade ? 'UPGRADE' : method} ${path}`);
        const upgrades = ways.lastIndexOf('UPGRADE /socket/websocket') + 1;
        // A refusal may be that of a server that ends, so it is asked twice.
        expect(upgrades).toBe(webSockets === 'blocked' ? 2 : 1);
        expect(new Set(ways.slice(upgrades))).toEqual(new Set(['GET /socket/longpoll', 'POST /socket/longpoll']));
        expect(page.client.getState()).toMatchObject({ isCompleted: true, error: null });
      },
    );

    test('goes on when it is loaded again in the middle', async (stage) => {
      const { request } = await asked(stage, aStory);
      const storage = new SiteStorage();
      const first = Page.load(stage, { storage });
      first.client.connect(request);
      await first.until('tokens');
      first.unload();
      const second = Page.load(stage, { storage });
      expect(second.client.reconnect()).toBe(true);
      expect(await second.final()).toMatchObject({ status: 'success', content: second.shown });
    });

    test.each(['SIGTERM', 'SIGKILL'])('comes back to a hub that went by %s', async (signal, stage) => {
      const backend = await stage.backend();
      const { request, reply } = await asked(stage, { workflow: workflows.eventDriven });
      const page = Page.load(stage);
      page.client.connect(request);
      await page.until('response');
      const webhook = await backend.webhook(reply.channel_id);
      await stage.system.kill('realtime-hub', signal);
      await stage.system.start();
      const final = page.final();
      await backend.callback(webhook, { data: { id: 'row-1' } });
      expect(await final).toMatchObject({ status: 'completed', data: { id: 'row-1' } });
      expect(page.responses.map(({ status }) => status)).toEqual(['ai_generated', 'completed']);
    });

    test('gets a fresh token when its own has expired, or is none', async (stage) => {
      const tenMinutesAgo = new Date(Date.now() - 600_000);
      for (const isNone of [false, true]) {
        const { network, reply, request } = await asked(stage, {});
        const token = new ChannelTokens(masterKey).mint(reply.project_id, reply.channel_id, tenMinutesAgo);
        const refreshAccess = async (channel: string): Promise<ChannelAccess> => {
          const access = await stage.api.must<ChannelAccess>('POST', '/v1/ai/reconnect', { channel_id: channel });
          return { ...access, websocket_url: network.websocketUrl };
        };
        const page = Page.load(stage, { refreshAccess });
        page.client.connect({ ...request, ws_token: isNone ? 'none' : await token });
        expect(await page.final()).toMatchObject({ status: 'success' });
        expect(page.events).not.toContain('error WebSocket connection error');
      }
    });

    test('is refused with a token that is none, instead of trying on', async (stage) => {
      const { request } = await asked(stage, {});
      const page = Page.load(stage);
      const refused = page.until('disconnected');
      page.client.connect({ ...request, ws_token: 'none' });
      expect(await refused).toBe('Unauthorized: You do not have access to this project');
      expect(page.client.getState()).toMatchObject({ connectionState: 'error', errorCode: 'refused' });
    });

    test('stops when it is told to, and asks for nothing more', async (stage) => {
      const { network, request } = await asked(stage, aStory);
      const abort = new AbortController();
      const followed = followRequest(request, { signal: abort.signal, onTokens: () => abort.abort() });
      await expect(followed).rejects.toMatchObject({ name: 'AbortError' });
      const before = network.requests.length;
      // Another page is told the whole answer meanwhile, over its own network.
      expect(await followRequest((await asked(stage, aStory)).request)).toMatchObject({ status: 'success' });
      expect(network.requests).toHaveLength(before);
    });

    test('follows several requests at once', async (stage) => {
      const all = await Promise.all([1, 2, 3, 4, 5].map((order) => asked(stage, { metadata: { order } })));
      const results = await Promise.all(all.map(({ request }) => followRequest(request)));
      expect(results.map(({ customer_data: data }) => data?.order)).toEqual([1, 2, 3, 4, 5]);
    });
  });
}
