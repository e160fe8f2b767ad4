import { afterAll, beforeAll, beforeEach, describe, expect } from '@jest/globals';
import { waitFor } from '@headrace/testing';
import type { Ask } from './support/api-client.js';
import { Chromium } from './support/chromium.js';
import { preflightsOf, PhoenixBrowsers, type PhoenixBrowser } from './support/phoenix-browsers.js';
import { testsOn, type Stage } from './support/stage.js';
import { startSystem, type System } from './support/system.js';
import { aStory } from './support/web-site.js';
import { createWorkflows, timeScale, workflows } from './support/workflows.js';

const startLimitMs = 90_000;
/** Its answer goes on for almost four seconds, in which a page is loaded again or a connection lost. */
const aLongStory = { ...aStory, metadata: { chunks: 40, chunk_delay_ms: 90 } };
const noStory = { ...aStory, stream: false };

/** What of a page's `story` the tests look at. */
const look = `({
  opens: story.seen.opens, closes: story.seen.closes, joins: story.joins, ends: story.ends, statuses: story.statuses,
  isWhole: story.text.length > 20 && story.text === story.content, isConnected: story.socket.isConnected(),
  channels: story.socket.channels.length, tried: tried.length,
})`;
/** What it is when one connection brought everything, and stayed. */
const calm = { opens: 1, closes: [], joins: 1, ends: 1, statuses: ['success'], isConnected: true, channels: 0 };
const whole = { ...calm, isWhole: true };
/** Takes as long as several tries to connect or join would. */
const aWhile = 'await pings(story.socket, 50)';

/** The pages are of another origin than the hub, and come to it through a network each. */
describe('phoenix.js 1.7.14, 1.8.3 and 1.8.16 in Chromium', () => {
  let system: System;
  let chromium: Chromium;
  let browsers: PhoenixBrowsers;
  beforeAll(async () => {
    system = await startSystem({ mode: 'one', timeScale });
    await createWorkflows(system.api);
    chromium = await Chromium.start();
    browsers = await PhoenixBrowsers.start(chromium, system.urlOf('realtime-hub'));
  }, startLimitMs);
  beforeEach(() => browsers.begin());
  afterAll(async () => {
    await browsers?.stop();
    await chromium?.stop();
    await system?.stop();
  }, startLimitMs);

  const onSystem = testsOn(() => system);
  /** A test of all versions that fit at a time, each in a tab of its own. */
  const test = (
    sentence: string,
    body: (browser: PhoenixBrowser, stage: Stage) => Promise<void>,
    fits?: (browser: PhoenixBrowser) => boolean,
  ): void => onSystem(sentence, (stage) => browsers.each((browser) => body(browser, stage), fits));

  /** What the API answered, as an expression of the page; the way to the hub leads over the page's network. */
  const ask = async ({ network }: PhoenixBrowser, { api }: Stage, fields: Ask = aStory): Promise<string> =>
    JSON.stringify({ ...(await api.ask(fields)), websocket_url: network.websocketUrl });
  /** Does something that leaves a `story` in the page, and tells it once its channel has ended. */
  const storyAfter = ({ tab }: PhoenixBrowser, script: string): Promise<unknown> =>
    tab.evaluate(`(async () => { ${script}; await until(() => story.ends > 0); return ${look}; })()`);
  /** Follows a request until its first text is there. */
  const untilText = ({ tab }: PhoenixBrowser, asked: string, options = '{}'): Promise<void> =>
    tab.evaluate(`(async () => {
      window.story = follow(${asked}, ${options});
      await until(() => story.text !== '');
    })()`);

  test('join, see the answer grow and its end, and then neither connect nor join again', async (browser, stage) => {
    const seen = await storyAfter(browser, `window.story = follow(${await ask(browser, stage)})`);
    expect(seen).toEqual({ ...whole, tried: 1 });
    expect(await storyAfter(browser, aWhile)).toEqual(seen);
  });

  test('get the result when they come after the end, and stay calm', async (browser, stage) => {
    const asked = await ask(browser, stage, noStory);
    const { channel_id: channel } = JSON.parse(asked) as { channel_id: string };
    const isOver = async () => (await stage.api.request(channel)).state === 'success';
    await waitFor(isOver, { what: 'the end of the request', timeoutMs: 20_000 });
    const seen = await storyAfter(browser, `window.story = follow(${asked})`);
    expect(seen).toMatchObject({ ...calm, tried: 1 });
    expect(await storyAfter(browser, aWhile)).toEqual(seen);
  });

  test('may speak version 1 of the frames', async (browser, stage) => {
    const seen = await storyAfter(browser, `window.story = follow(${await ask(browser, stage)}, versionOne)`);
    expect(seen).toEqual({ ...whole, tried: 1 });
  });

  test('have the whole text when their page is loaded again in mid-answer', async (browser, stage) => {
    const asked = await ask(browser, stage, aLongStory);
    await untilText(browser, asked);
    await browser.load();
    const seen = await storyAfter(browser, `window.story = follow(${asked})`);
    expect(seen).toEqual({ ...whole, tried: 1 });
  });

  test('have the whole text when their connection is lost in mid-answer', async (browser, stage) => {
    await untilText(browser, await ask(browser, stage, aLongStory));
    browser.network.cut();
    const seen = await storyAfter(browser, '');
    expect(seen).toEqual({ ...whole, opens: 2, closes: [1006], joins: 2, tried: 2 });
  });

  test(
    'have the whole text when their page is left in mid-answer and come back to, which 1.7.14 does not get over',
    async (browser, stage) => {
      const { tab, origin } = browser;
      await untilText(browser, await ask(browser, stage, aLongStory));
      await tab.load(`${origin}/another`, `typeof story === 'undefined'`);
      await tab.evaluate('history.back()');
      const isBack = () => tab.evaluate<boolean>(`typeof story === 'object'`);
      await waitFor(isBack, { what: 'the page is there as it was left' });
      const { statuses, ends, isConnected, channels, isWhole } = whole;
      expect(await storyAfter(browser, '')).toMatchObject({ statuses, ends, isConnected, channels, isWhole });
    },
    ({ version }) => version !== '1.7.14',
  );

  test('are told why they may not join, and ask again on the same socket', async (browser, stage) => {
    const [asked, other] = [await ask(browser, stage), await ask(browser, stage)];
    const seen = await browser.tab.evaluate(`(async () => {
      const { websocket_channel } = ${other};
      window.story = follow({ ...${asked}, websocket_channel }, { rejoinAfterMs: () => 50 });
      await until(() => story.refusals.length > 2);
      return { reasons: [...new Set(story.refusals)], opens: story.seen.opens };
    })()`);
    expect(seen).toEqual({ reasons: ['unauthorized_project_access'], opens: 1 });
  });

  test('never get in with a token that is none', async (browser, stage) => {
    const seen = await browser.tab.evaluate(`(async () => {
      window.story = follow({ ...${await ask(browser, stage)}, ws_token: 'none' });
      await until(() => tried.length > 2);
      return ${look};
    })()`);
    expect(seen).toMatchObject({ opens: 0, joins: 0, isConnected: false });
  });

  describe('by long polls of another origin', () => {
    const polling = '{ transport: LongPoll }';

    test('see the answer grow and its end, after the browser asked whether they may', async (browser, stage) => {
      const seen = await storyAfter(browser, `window.story = follow(${await ask(browser, stage)}, ${polling})`);
      expect(seen).toEqual({ ...whole, tried: 0 });
      const { origin, network } = browser;
      expect(preflightsOf(network)).toContainEqual({ origin, method: 'POST', headers: 'content-type' });
      const kinds = network.requests.map(({ headers }) => headers['content-type']);
      expect(kinds).toContain('application/x-ndjson');
    });

    test('have the whole text when they reach nobody for a moment in mid-answer', async (browser, stage) => {
      await untilText(browser, await ask(browser, stage, aLongStory), polling);
      // Once would not do: Chromium asks again by itself when a connection is lost that it had used before.
      browser.network.break();
      await browser.tab.evaluate('until(() => story.seen.closes.length > 0)');
      browser.network.mend();
      const seen = await storyAfter(browser, '');
      expect(seen).toMatchObject({ ...whole, opens: 2, closes: expect.arrayContaining([1011]), joins: 2 });
    });
  });

  describe('that may fall back to long polls', () => {
    const patient = '{ longPollFallbackMs: 10_000 }';
    const careful = '{ longPollFallbackMs: 500 }';
    const remembered = `sessionStorage.getItem('phx:fallback:LongPoll')`;

    test('stay with WebSockets that work', async (browser, stage) => {
      const seen = await storyAfter(
        browser,
        `window.story = follow(${await ask(browser, stage, noStory)}, ${patient})`,
      );
      expect(seen).toMatchObject({ ...calm, tried: 1 });
      expect(await browser.tab.evaluate(remembered)).toBe(null);
      expect(browser.network.requests.filter(({ isUpgrade }) => !isUpgrade)).toEqual([]);
    });

    for (const webSockets of ['blocked', 'silent'] as const) {
      test(`poll where WebSockets are ${webSockets}, and on their next page do so at once`, async (browser, stage) => {
        browser.network.webSockets = webSockets;
        const first = await storyAfter(
          browser,
          `window.story = follow(${await ask(browser, stage, noStory)}, ${careful})`,
        );
        expect(first).toMatchObject({ statuses: ['success'], ends: 1, isConnected: true, channels: 0, tried: 1 });
        expect(await browser.tab.evaluate(remembered)).toBe('true');
        await browser.load();
        const next = await storyAfter(
          browser,
          `window.story = follow(${await ask(browser, stage, noStory)}, ${careful})`,
        );
        expect(next).toMatchObject({ ...calm, tried: 0 });
      });
    }
  });

  onSystem('come back after a restart of the hub by whatever way, and get the end that came after', async (stage) => {
    const backend = await stage.backend();
    const reply = await stage.api.ask({ workflow: workflows.eventDriven });
    await browsers.each(async ({ tab, network }) => {
      const asked = JSON.stringify({ ...reply, websocket_url: network.websocketUrl });
      await tab.evaluate(`(async () => {
        window.stories = [follow(${asked}), follow(${asked}, { transport: LongPoll })];
        await until(() => stories.every(({ statuses }) => statuses.includes('ai_generated')));
      })()`);
    });
    await stage.system.kill('realtime-hub', 'SIGTERM');
    await stage.system.start();
    await backend.callback(await backend.webhook(reply.channel_id), { data: { id: 'row-1' } });
    await browsers.each(async ({ tab }) => {
      const seen = await tab.evaluate(`(async () => {
        await until(() => stories.every(({ ends }) => ends > 0));
        return stories.map(({ statuses, seen, ends }) => [statuses.at(-1), seen.closes[0], ends]);
      })()`);
      expect(seen).toEqual([
        ['completed', 1012, 1],
        ['completed', 1011, 1],
      ]);
    });
  });
});
