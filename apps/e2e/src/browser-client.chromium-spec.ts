import { afterAll, beforeAll, beforeEach, describe, expect } from '@jest/globals';
import { scriptTag } from '@headrace/client/build';
import { waitFor } from '@headrace/testing';
import { Chromium, type Tab } from './support/chromium.js';
import { Network, type WebSockets } from './support/network.js';
import { testsOn, type Stage } from './support/stage.js';
import { startSystem, type System } from './support/system.js';
import type { AsyncReply } from './support/wire.js';
import { aStory, WebSite } from './support/web-site.js';
import { createWorkflows, timeScale, workflows } from './support/workflows.js';

const startLimitMs = 90_000;
/** Browsers open six connections to a host, and one is needed for what pages send. */
const pollsAtOnce = 5;

describe('the browser client, in Chromium', () => {
  let system: System;
  let site: WebSite;
  let chromium: Chromium;
  let tab: Tab;
  beforeAll(async () => {
    system = await startSystem({ mode: 'one', timeScale });
    await createWorkflows(system.api);
    site = await WebSite.start(system.api, { '/headrace.min.js': await scriptTag() });
    chromium = await Chromium.start();
  }, startLimitMs);
  beforeEach(async () => {
    tab = await chromium.newTab();
    await load();
  });
  afterAll(async () => {
    await chromium?.stop();
    await site?.stop();
    await system?.stop();
  }, startLimitMs);
  const load = (): Promise<void> => tab.load(site.url, `typeof Headrace === 'object' && window.left === undefined`);
  const test = testsOn(() => system);

  /** Where to follow a request, as an expression of the page. */
  const ask = async ({ api }: Stage, workflow = 'demo'): Promise<string> =>
    JSON.stringify(await api.ask({ ...aStory, workflow }));

  test('follows a request from a script tag, with its text', async (stage) => {
    const page = `(async () => {
      let shown = '';
      const onTokens = ({ data }) => (shown += data);
      const { status, content } = await Headrace.followRequest(${await ask(stage)}, { onTokens });
      return { status, isWhole: shown.length > 20 && shown === content };
    })()`;
    expect(await tab.evaluate(page)).toEqual({ status: 'success', isWhole: true });
  });

  test('goes on when the page is loaded again in the middle', async (stage) => {
    await tab.evaluate(`new Promise((resolve) => {
      window.left = true;
      const client = new ModelRiver.ModelRiverClient();
      client.on('tokens', () => resolve());
      client.connect(${await ask(stage)});
    })`);
    await load();
    const page = `new Promise((resolve, reject) => {
      const client = new ModelRiver.ModelRiverClient();
      let shown = '';
      client.on('tokens', ({ data }) => (shown += data));
      client.on('response', ({ status, content }) =>
        resolve({ status, isWhole: shown === content, kept: localStorage.length }));
      if (!client.reconnect()) reject(new Error('Nothing was kept.'));
    })`;
    expect(await tab.evaluate(page)).toEqual({ status: 'success', isWhole: true, kept: 0 });
  });

  test('comes back to a hub that was restarted, as a module and with tokens of its site', async (stage) => {
    const backend = await stage.backend();
    const asked = await ask(stage, workflows.eventDriven);
    await tab.evaluate(`(async () => {
      const { HeadraceClient } = await import('/client/index.js');
      const client = new HeadraceClient({ apiBaseUrl: location.origin });
      window.seen = [];
      for (const event of ['connected', 'disconnected', 'error']) client.on(event, () => seen.push(event));
      const status = (wanted) => new Promise((resolve) => {
        client.on('response', (response) => response.status === wanted && resolve(response));
      });
      window.completed = status('completed');
      const generated = status('ai_generated');
      client.connect({ ...${asked}, ws_token: 'no longer good' });
      await generated;
    })()`);
    const { channel_id: channel } = JSON.parse(asked) as { channel_id: string };
    const webhook = await backend.webhook(channel);
    await system.kill('realtime-hub', 'SIGTERM');
    await system.start();
    await backend.callback(webhook, { data: { id: 'row-1' } });
    expect(await tab.evaluate('completed')).toMatchObject({ data: { id: 'row-1' } });
    // That the first token was none is told by a long poll, so nobody need be troubled; nor is the restart an error.
    expect(await tab.evaluate('seen')).toEqual(['connected', 'disconnected', 'connected', 'disconnected']);
  });

  /** A network to the hub that lets no WebSockets through, and how to follow a request through it. */
  async function askThrough(stage: Stage, webSockets: WebSockets) {
    const reply = await stage.api.ask({ ...aStory, workflow: 'demo' });
    const network = await Network.before(reply.websocket_url.replace(/^ws/, 'http'));
    stage.atEnd(() => network.stop());
    network.webSockets = webSockets;
    return { network, request: JSON.stringify({ ...reply, websocket_url: network.websocketUrl }) };
  }

  test.each(['blocked', 'silent'])('follows a request of another origin where WebSockets are %s', async (is, stage) => {
    const { network, request } = await askThrough(stage, is);
    const page = `(async () => {
      let shown = '';
      const onTokens = ({ data }) => (shown += data);
      const { status, content } = await Headrace.followRequest(${request}, { onTokens, longPollFallbackMs: 1000 });
      return { status, isWhole: shown.length > 20 && shown === content, memory: Object.keys(sessionStorage) };
    })()`;
    expect(await tab.evaluate(page)).toEqual({ status: 'success', isWhole: true, memory: ['headrace_longpoll'] });
    const requests = network.requests.filter(({ isUpgrade }) => !isUpgrade);
    // No origin is asked for permission.
    expect(new Set(requests.map(({ method }) => method))).toEqual(new Set(['GET', 'POST']));
  });

  test('follows several requests at once where WebSockets are blocked', async (stage) => {
    const backend = await stage.backend();
    const asked = await Promise.all(Array.from({ length: pollsAtOnce }, () => ask(stage, workflows.eventDriven)));
    const network = await Network.before(
      (JSON.parse(asked[0] ?? '') as AsyncReply).websocket_url.replace(/^ws/, 'http'),
    );
    stage.atEnd(() => network.stop());
    network.webSockets = 'blocked';
    await tab.evaluate(`(async () => {
      window.statuses = [];
      const follow = (asked) => new Promise((resolve) => {
        const onResponse = ({ status }) => (statuses.push(status), resolve());
        const request = { ...asked, websocket_url: '${network.websocketUrl}' };
        window.ends = [...(window.ends ?? []), Headrace.followRequest(request, { onResponse })];
      });
      await Promise.all([${asked.join()}].map(follow));
    })()`);
    expect(await tab.evaluate('statuses')).toEqual(asked.map(() => 'ai_generated'));
    for (const one of asked) {
      const { channel_id: channel } = JSON.parse(one) as AsyncReply;
      await backend.callback(await backend.webhook(channel), { data: { id: channel } });
    }
    const channels = `Promise.all(ends).then((all) => all.map(({ data }) => data.id))`;
    expect(await tab.evaluate(channels)).toEqual(asked.map((one) => (JSON.parse(one) as AsyncReply).channel_id));
  });

  test('polls at once on the next page of the tab, which goes on with the request', async (stage) => {
    const { network, request } = await askThrough(stage, 'blocked');
    await tab.evaluate(`new Promise((resolve) => {
      window.left = true;
      const client = new ModelRiver.ModelRiverClient();
      client.on('tokens', () => resolve());
      client.connect(${request});
    })`);
    await load();
    network.requests.length = 0;
    const page = `new Promise((resolve) => {
      const client = new ModelRiver.ModelRiverClient();
      let shown = '';
      client.on('tokens', ({ data }) => (shown += data));
      client.on('response', ({ status, content }) => resolve({ status, isWhole: shown === content }));
      client.reconnect();
    })`;
    expect(await tab.evaluate(page)).toEqual({ status: 'success', isWhole: true });
    expect(network.requests.some(({ isUpgrade }) => isUpgrade)).toBe(false);
  });

  test('does not give up what has ended while its page was frozen for longer than it waits', async (stage) => {
    const { channel_id: channel, ...reply } = await stage.api.ask({
      workflow: 'demo',
      metadata: { latency_ms: 7_500 },
    });
    await tab.evaluate(`new Promise((resolve) => {
      const client = new ModelRiver.ModelRiverClient({ requestTimeout: 3500 });
      window.seen = [];
      client.on('error', (error) => seen.push(error));
      window.ended = new Promise((end) => client.on('response', ({ status }) => (seen.push(status), end())));
      client.on('channel_joined', resolve);
      client.connect(${JSON.stringify({ channel_id: channel, ...reply })});
    })`);
    await tab.become('frozen');
    await stage.api.must('GET', `/v1/requests/${channel}?wait=30s`);
    await tab.become('active');
    await tab.evaluate('ended');
    expect(await tab.evaluate('seen')).toEqual(['success']);
  });

  describe('that waits for its backend', () => {
    /** A page that follows such a request, and what ends it. */
    async function waiting(stage: Stage) {
      const backend = await stage.backend();
      const asked = await ask(stage, workflows.eventDriven);
      await tab.evaluate(`new Promise((resolve) => {
        window.client = new ModelRiver.ModelRiverClient();
        window.seen = [];
        for (const event of ['connected', 'disconnected', 'error']) client.on(event, () => seen.push(event));
        addEventListener('pageshow', ({ persisted }) => seen.push(persisted ? 'from the cache' : 'shown'));
        client.on('response', ({ status }) => (seen.push(status), resolve()));
        client.connect(${asked});
      })`);
      const { channel_id: channel } = JSON.parse(asked) as { channel_id: string };
      const webhook = await backend.webhook(channel);
      return { callBack: () => backend.callback(webhook, { data: { id: 'row-1' } }) };
    }
    const told = (): Promise<string[]> =>
      tab.evaluate(`new Promise((resolve) => {
        const isOver = () => client.getState().isCompleted && resolve(seen);
        client.on('disconnected', isOver);
        isOver();
      })`);

    test('is told the end that came while its user was on another page', async (stage) => {
      const { callBack } = await waiting(stage);
      await tab.load(`${site.url}another`, `typeof Headrace === 'object' && !window.client`);
      await callBack();
      await tab.evaluate('history.back()').catch(() => undefined);
      await waitFor(() => tab.evaluate('!!window.client'), { what: 'the first page is back' });
      expect(await told()).toEqual([
        'connected',
        'ai_generated',
        'disconnected',
        'from the cache',
        'connected',
        'completed',
        'disconnected',
      ]);
    });
  });
});
