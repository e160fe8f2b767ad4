import { describe, expect } from '@jest/globals';
import { ChannelRefused, openChannel } from '@headrace/testing';
import type { Test } from '../support/stage.js';
import type { AsyncReply } from '../support/wire.js';
import { workflows } from '../support/workflows.js';

type Access = Omit<AsyncReply, 'message' | 'status' | 'customer_data'>;

/** Browsers that come late, go away and come back. */
export function realtimeFlows(test: Test): void {
  describe('a browser', () => {
    test('that joins after the end still gets the result, as often as it comes', async (stage) => {
      const reply = await stage.api.ask({ workflow: 'demo' });
      await (
        await stage.browser(reply)
      ).ended;
      for (const vsn of ['2.0.0', '1.0.0'] as const) {
        const late = await stage.browser(reply, vsn);
        await late.ended;
        expect(late.frames).toMatchObject([{ status: 'success', channel_id: reply.channel_id }]);
      }
    });

    test('that lost its connection gets the latest state again, with the same token', async (stage) => {
      const backend = await stage.backend();
      const reply = await stage.api.ask({ workflow: workflows.eventDriven });
      const first = await stage.browser(reply);
      expect(await first.next()).toMatchObject({ status: 'ai_generated' });
      first.drop();
      const second = await stage.browser(reply);
      expect(await second.next()).toMatchObject({ status: 'ai_generated' });
      second.drop();
      await backend.callback(await backend.webhook(reply.channel_id), { data: { id: 'row-1' } });
      const third = await stage.browser(reply);
      expect(await third.next()).toMatchObject({ status: 'completed', data: { id: 'row-1' } });
      await third.ended;
    });

    test('may join by the short topic', async (stage) => {
      const { channel_id: channel, websocket_url, ws_token } = await stage.api.ask({ workflow: 'demo' });
      const client = await openChannel({
        websocketUrl: websocket_url,
        topic: `ai_response:${channel}`,
        token: ws_token,
      });
      stage.atEnd(() => client.drop());
      expect(await client.next()).toMatchObject({ status: 'success', channel_id: channel });
    });

    test('sees what another one sees', async (stage) => {
      const reply = await stage.api.ask({ workflow: 'demo', metadata: { latency_ms: 200 } });
      const browsers = [await stage.browser(reply), await stage.browser(reply)];
      const [one, other] = await Promise.all(browsers.map((browser) => browser.next()));
      expect(one).toEqual(other);
    });

    test('is refused with a forged token, and on the channel of another request', async ({ api }) => {
      const [mine, other] = [await api.ask({ workflow: 'demo' }), await api.ask({ workflow: 'demo' })];
      const join = (topic: string, token: string) => openChannel({ websocketUrl: mine.websocket_url, topic, token });
      const [header, payload] = mine.ws_token.split('.');
      const forged = `${header}.${payload}.${other.ws_token.split('.')[2]}`;
      await expect(join(mine.websocket_channel, forged)).rejects.toThrow(new ChannelRefused('HTTP 403'));
      await expect(join(other.websocket_channel, mine.ws_token)).rejects.toThrow('unauthorized_project_access');
    });
  });

  describe('reconnection', () => {
    test.each(['/v1/ai/reconnect', '/api/v1/ai/reconnect', '/api/ai/reconnect'])(
      'at %s gives a fresh token that works',
      async (path, stage) => {
        const { channel_id, project_id } = await stage.api.ask({ workflow: 'demo' });
        const access = await stage.api.must<Access>('POST', path, { channel_id });
        expect(Object.keys(access).sort()).toEqual(
          ['channel_id', 'project_id', 'websocket_channel', 'websocket_url', 'ws_token'].sort(),
        );
        expect(access).toMatchObject({ channel_id, project_id });
        const reply = { message: '', status: '', customer_data: {}, ...access };
        expect(await (await stage.browser(reply)).next()).toMatchObject({ status: 'success', channel_id });
      },
    );

    test('is refused without a key, for unknown channels and for those of other projects', async ({ api, system }) => {
      const { channel_id } = await api.ask({ workflow: 'demo' });
      const reconnect = (channel: string, key?: string | null) =>
        api.call('POST', '/v1/ai/reconnect', { channel_id: channel }, { key });
      expect((await reconnect(channel_id, null)).status).toBe(401);
      expect((await reconnect(crypto.randomUUID())).status).toBe(404);
      expect((await reconnect(channel_id, await system.newProjectKey('Reconnection'))).status).toBe(403);
    });
  });
}
