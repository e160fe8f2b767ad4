import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  GoldenChannels,
  openMount,
  PhoenixMounts,
  wideLimits,
  type ConnectRequest,
} from '@headrace/realtime-hub/testing';
import { Chromium } from './support/chromium.js';
import { preflightsOf, PhoenixBrowsers, type PhoenixBrowser } from './support/phoenix-browsers.js';

const startLimitMs = 30_000;

/** The channels that ran on a recorded Phoenix server, and pages of another origin that use them. */
describe('phoenix.js 1.7.14, 1.8.3 and 1.8.16 in Chromium, with the recorded channels', () => {
  let mounts: PhoenixMounts;
  let chromium: Chromium;
  let browsers: PhoenixBrowsers;
  const listed = ['https://app.example.com'];
  beforeAll(async () => {
    const channels = new GoldenChannels();
    const golden = {
      ...openMount,
      polls: { windowMs: 5_000 },
      acceptAuthSubprotocol: true,
      connect: ({ params, authToken }: ConnectRequest) => ({ session: authToken ?? params.get('token') }),
      channelFor: (topic: string) => (topic.startsWith('ai:') ? channels : undefined),
    };
    mounts = await PhoenixMounts.start(
      { ...golden, path: '/socket' },
      { ...golden, path: '/quick', limits: { ...wideLimits, idleTimeoutMs: 3_000 } },
      { ...golden, path: '/listed', allowedOrigins: listed },
      { ...golden, path: '/foreign', allowedOrigins: ['https://app.example.com'] },
    );
    chromium = await Chromium.start();
    browsers = await PhoenixBrowsers.start(chromium, mounts.httpUrl(''));
    listed.push(browsers.origin);
  }, startLimitMs);
  beforeEach(() => browsers.begin());
  afterAll(async () => {
    await browsers?.stop();
    await chromium?.stop();
    await mounts?.stop();
  }, startLimitMs);

  const test = (
    sentence: string,
    body: (browser: PhoenixBrowser) => Promise<void>,
    fits?: (browser: PhoenixBrowser) => boolean,
  ): void => it(sentence, () => browsers.each(body, fits));
  const knowsAuthToken = ({ version }: PhoenixBrowser): boolean => version !== '1.7.14';

  /** Opens a socket in the page, joins a topic of its own on it, and then runs a script that returns something. */
  const joined = ({ tab, network, version }: PhoenixBrowser, options: string, script = '', path = '/socket') =>
    tab.evaluate(`(async () => {
      const params = { token: '${version}' };
      Object.assign(window, open('${network.webSocketTo(path)}', { params, reconnectAfterMs: () => 20, ...${options} }));
      window.channel = socket.channel('ai:${version}');
      channel.rejoinTimer.timerCalc = () => 20;
      const reply = await outcomeOf(channel.join());
      if (reply.status !== 'ok') throw new Error(JSON.stringify(reply));
      ${script}
    })()`);
  const comesBack = `await until(() => seen.closes.length > 0); await until(() => channel.state === 'joined')`;

  const transports = { 'a WebSocket': '{}', 'long polls': '{ transport: LongPoll }' };
  /** Over long polls phoenix.js encodes version 2, whatever it was told. */
  const ways = {
    'version 1 over a WebSocket': 'versionOne',
    'version 2 over a WebSocket': '{}',
    'version 2 over long polls': '{ transport: LongPoll }',
  };
  for (const [way, options] of Object.entries(ways)) {
    test(`talk in ${way}`, async (browser) => {
      const heard = await joined(
        browser,
        options,
        `
          const heard = [];
          for (const event of ['pushed', 'bcast']) channel.on(event, (payload) => heard.push([event, payload]));
          const say = async (event, payload) => heard.push([event, await outcomeOf(channel.push(event, payload))]);
          await say('echo', { a: 'ü🙂' });
          await say('err', { b: 2 });
          channel.push('push_me', { c: 3 });
          await say('bcast', { d: 4 });
          channel.onError((reason) => heard.push(['failed', reason]));
          channel.push('boom', {});
          await until(() => heard.at(-1)[0] === 'failed' && channel.state === 'joined');
          channel.onClose(() => heard.push(['closed']));
          await say('stop', {});
          await until(() => channel.state === 'closed');
          const denied = await outcomeOf(socket.channel('ai:deny').join());
          return { heard, denied, isConnected: socket.isConnected(), opens: seen.opens, closes: seen.closes };`,
      );
      expect(heard).toEqual({
        heard: [
          ['echo', { status: 'ok', response: { a: 'ü🙂' } }],
          ['err', { status: 'error', response: { b: 2 } }],
          ['pushed', { c: 3 }],
          ['bcast', { d: 4 }],
          ['bcast', { status: 'ok', response: {} }],
          ['failed', { reason: 'channel_crash' }],
          ['stop', { status: 'ok', response: { bye: true } }],
          ['closed'],
        ],
        denied: { status: 'error', response: { reason: 'unauthorized_project_access' } },
        isConnected: true,
        opens: 1,
        closes: [],
      });
    });
  }

  test('send and get bytes', async (browser) => {
    const seen = await joined(
      browser,
      '{}',
      `
      const bytesOf = (buffer) => [...new Uint8Array(buffer)];
      const heard = {};
      for (const event of ['bin', 'bcast']) channel.on(event, (buffer) => (heard[event] = bytesOf(buffer)));
      const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
      const { response } = await outcomeOf(channel.push('echo', all.buffer));
      channel.push('push_bin', {});
      channel.push('bcast_bin', {});
      await until(() => heard.bin && heard.bcast);
      return { ...heard, isSame: bytesOf(response).join() === all.join() };`,
    );
    expect(seen).toEqual({ isSame: true, bin: [1, 2, 3], bcast: [9, 8, 7] });
  });

  test('are kept by their heartbeats where silent sockets are closed', async (browser) => {
    const beats = `await until(() => seen.heartbeats > 3); return seen.closes`;
    expect(await joined(browser, '{ heartbeatIntervalMs: 1_000 }', beats, '/quick')).toEqual([]);
  });

  test('come back and join again when they were silent for too long', async (browser) => {
    const seen = await joined(browser, '{}', `${comesBack}; return seen.closes[0]`, '/quick');
    expect(seen).toBe(1002);
  });

  for (const [code, frame] of [
    [1011, `'garbage'`],
    [1009, `'x'.repeat(70_000)`],
  ] as const) {
    test(`come back after a close ${code} that a frame of theirs brought about`, async (browser) => {
      const script = `socket.conn.send(${frame}); ${comesBack}; return [seen.closes, seen.opens]`;
      expect(await joined(browser, '{}', script)).toEqual([[code], 2]);
    });
  }

  for (const code of [1001, 1008, 1012]) {
    test(`come back after a close ${code} by the server`, async (browser) => {
      await joined(browser, '{}');
      mounts.servers[0]?.closeSockets((session) => session === browser.version, code);
      const seen = await browser.tab.evaluate(`(async () => { ${comesBack}; return [seen.closes, seen.opens]; })()`);
      expect(seen).toEqual([[code], 2]);
    });
  }

  test(
    'may show their token as subprotocol, or to long polls as header, for which the browser asks first',
    async (browser) => {
      const sessions: unknown[] = [];
      for (const transport of Object.values(transports)) {
        const authToken = `${browser.version} and more`;
        await joined(browser, `{ ...${transport}, params: {}, authToken: ${JSON.stringify(authToken)} }`);
        mounts.servers[0]?.closeSockets((session) => session === authToken && sessions.push(session) > 0);
        await browser.tab.evaluate(`until(() => seen.closes.length > 0).then(() => socket.disconnect())`);
      }
      expect(sessions).toHaveLength(2);
      const { origin, network } = browser;
      expect(preflightsOf(network)).toContainEqual({ origin, method: 'GET', headers: 'x-phoenix-authtoken' });
      const upgrade = network.requests.find(({ isUpgrade }) => isUpgrade);
      expect(upgrade?.headers['sec-websocket-protocol']).toMatch(/^phoenix, base64url\.bearer\.phx\.[\w-]+$/);
    },
    knowsAuthToken,
  );

  test('may send the headers that phoenix.js 1.9 has for long polls', async ({ tab, network, origin }) => {
    const url = network.webSocketTo('/socket/longpoll?vsn=2.0.0').replace('ws', 'http');
    const answers = await tab.evaluate(`(async () => {
      const ask = async (method, headers, body) => (await fetch('${url}', { method, headers, body })).json();
      const { token } = await ask('GET', { 'X-Phoenix-AuthToken': 'a token' });
      const own = { 'X-Phoenix-LongPoll-Token': token };
      const join = JSON.stringify(['1', '1', 'ai:t', 'phx_join', {}]);
      const sent = await ask('POST', { ...own, 'Content-Type': 'application/x-ndjson' }, join);
      return [sent, (await ask('GET', own)).messages.map((message) => JSON.parse(message))];
    })()`);
    const reply = ['1', '1', 'ai:t', 'phx_reply', { status: 'ok', response: {} }];
    expect(answers).toEqual([{ status: 200 }, [reply]]);
    const headers = 'content-type,x-phoenix-longpoll-token';
    expect(preflightsOf(network)).toContainEqual({ origin, method: 'POST', headers });
  });

  for (const [transport, options] of Object.entries(transports)) {
    test(`get in over ${transport} only from origins on the list, where there is one`, async (browser) => {
      const { tab, network } = browser;
      expect(await joined(browser, options, 'return seen.opens', '/listed')).toBe(1);
      const seen = await tab.evaluate(`(async () => {
        const { socket, seen } = open('${network.webSocketTo('/foreign')}', ${options});
        await until(() => seen.errors > 0 && seen.closes.length > 0);
        return [seen.opens, socket.isConnected()];
      })()`);
      expect(seen).toEqual([0, false]);
    });
  }
});
