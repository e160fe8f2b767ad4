import { afterAll, beforeAll, beforeEach, describe, expect } from '@jest/globals';
import { waitFor } from '@headrace/testing';
import type { Ask } from './support/api-client.js';
import { Chromium } from './support/chromium.js';
import { HeldAnswers } from './support/held-answers.js';
import { preflightsOf, PhoenixBrowsers, type PhoenixBrowser } from './support/phoenix-browsers.js';
import { testsOn, type Stage } from './support/stage.js';
import { startSystem, type System } from './support/system.js';
import { createWorkflows, timeScale, workflows } from './support/workflows.js';

const startLimitMs = 90_000;
const question = { messages: [{ role: 'user', content: 'Where does the river go?' }] };

/** What of a page's `story` the tests look at. */
const look = `({
  opens: story.seen.opens, closes: story.seen.closes, joins: story.joins, ends: story.ends, statuses: story.statuses,
  isWhole: story.text === story.content, isConnected: story.socket.isConnected(),
  channels: story.socket.channels.length, tried: tried.length,
})`;
/** What it is when one connection brought everything, and stayed. */
const calm = { opens: 1, closes: [], joins: 1, ends: 1, statuses: ['success'], isConnected: true, channels: 0 };
const whole = { ...calm, isWhole: true };
/** Takes as long as several tries to connect or join would. */
const aWhile = 'await pings(story.socket, 50)';

/** An answer that begins, goes on and ends, and what happens to the pages that follow it. */
interface Course {
  /** Of the sockets, as an expression of the page. */
  readonly options?: string;
  /** Happens in mid-answer. */
  readonly interruption?: (browser: PhoenixBrowser, asked: string) => void | Promise<void>;
  readonly fits?: (browser: PhoenixBrowser) => boolean;
}

/** The pages are of another origin than the hub, and come to it through a network each. */
describe('phoenix.js 1.7.14, 1.8.3 and 1.8.16 in Chromium', () => {
  let system: System;
  let answers: HeldAnswers;
  let chromium: Chromium;
  let browsers: PhoenixBrowsers;
  beforeAll(async () => {
    system = await startSystem({ mode: 'one', timeScale });
    await createWorkflows(system.api);
    answers = await HeldAnswers.start(system.api);
    chromium = await Chromium.start();
    browsers = await PhoenixBrowsers.start(chromium, system.urlOf('realtime-hub'));
  }, startLimitMs);
  beforeEach(() => browsers.begin());
  afterAll(async () => {
    await browsers?.stop();
    await chromium?.stop();
    await answers?.stop();
    await system?.stop();
  }, startLimitMs);

  const onSystem = testsOn(() => system);
  /** A test of all versions at a time, each in a tab of its own. */
  const test = (sentence: string, body: (browser: PhoenixBrowser, stage: Stage) => Promise<void>): void =>
    onSystem(sentence, (stage) => browsers.each((browser) => body(browser, stage)));

  /** What the API answered, as an expression of the page; the way to the hub leads over the page's network. */
  const ask = async ({ network }: PhoenixBrowser, { api }: Stage, fields: Ask = {}): Promise<string> =>
    JSON.stringify({
      ...(await api.ask({ ...question, workflow: 'demo', ...fields })),
      websocket_url: network.websocketUrl,
    });
  /** Does something that leaves a `story` in the page, and tells it once its channel has ended. */
  const storyAfter = ({ tab }: PhoenixBrowser, script = ''): Promise<unknown> =>
    tab.evaluate(`(async () => { ${script}; await until(() => story.ends > 0); return ${look}; })()`);
  /** Resolves when a page has joined and shows all that was said of the answer. */
  const isUpToDate = ({ tab }: PhoenixBrowser): Promise<void> =>
    tab.evaluate(`until(() => story.channel.state === 'joined' && story.text === ${JSON.stringify(answers.text)})`);

  /** A test in which an answer grows; `seen` is what the pages have seen at its end. */
  const testOfAnswer = (sentence: string, seen: object, { options = '{}', interruption, fits }: Course = {}): void =>
    onSystem(sentence, async (stage) => {
      answers.begin();
      answers.say('Down ');
      await browsers.each(async (browser) => {
        const asked = await ask(browser, stage, { workflow: HeldAnswers.workflow });
        await browser.tab.evaluate(`void (window.story = follow(${asked}, ${options}))`);
        await isUpToDate(browser);
        await interruption?.(browser, asked);
      }, fits);
      answers.say('to the sea.');
      await browsers.each(isUpToDate, fits);
      answers.finish();
      await browsers.each(async (browser) => expect(await storyAfter(browser)).toMatchObject(seen), fits);
    });

  testOfAnswer('join, see the answer grow and its end', { ...whole, tried: 1 });

  testOfAnswer('may speak version 1 of the frames', { ...whole, tried: 1 }, { options: 'versionOne' });

  test('get the result when they come after the end, and neither connect nor join again', async (browser, stage) => {
    const asked = await ask(browser, stage);
    const { channel_id: channel } = JSON.parse(asked) as { channel_id: string };
    const isOver = async () => (await stage.api.request(channel)).state === 'success';
    await waitFor(isOver, { what: 'the end of the request', timeoutMs: 20_000 });
    const seen = await storyAfter(browser, `window.story = follow(${asked})`);
    expect(seen).toMatchObject({ ...calm, tried: 1 });
    expect(await storyAfter(browser, aWhile)).toEqual(seen);
  });

  describe('have the whole text', () => {
    testOfAnswer(
      'when their page is loaded again in mid-answer',
      { ...whole, tried: 1 },
      {
        interruption: async (browser, asked) => {
          await browser.load();
          await browser.tab.evaluate(`void (window.story = follow(${asked}))`);
        },
      },
    );

    testOfAnswer(
      'when their connection is lost in mid-answer',
      { ...whole, opens: 2, closes: [1006], joins: 2, tried: 2 },
      { interruption: ({ network }) => network.cut() },
    );

    const { statuses, ends, isConnected, isWhole } = whole;
    testOfAnswer(
      'when their page is left in mid-answer and come back to (1.7.14 does not get over it)',
      { statuses, ends, isConnected, isWhole },
      {
        fits: ({ version }) => version !== '1.7.14',
        interruption: async ({ tab, origin }) => {
          await tab.load(`${origin}/another`, `typeof story === 'undefined'`);
          await tab.evaluate('history.back()');
          const isBack = () => tab.evaluate<boolean>(`typeof story === 'object'`);
          await waitFor(isBack, { what: 'the page is there as it was left' });
        },
      },
    );
  });

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
    const options = '{ transport: LongPoll }';

    testOfAnswer('see the answer grow and its end', { ...whole, tried: 0 }, { options });

    testOfAnswer(
      'have the whole text when they reach nobody for a moment in mid-answer',
      { ...whole, opens: 2, closes: expect.arrayContaining([1011]), joins: 2, tried: 0 },
      {
        options,
        interruption: async ({ tab, network }) => {
          // To cut the connection would not do: Chromium asks again by itself on another one.
          network.break();
          await tab.evaluate('until(() => story.seen.closes.length > 0)');
          network.mend();
        },
      },
    );

    test('are let in after the browser asked whether they may', async (browser, stage) => {
      await storyAfter(browser, `window.story = follow(${await ask(browser, stage)}, ${options})`);
      const { origin, network } = browser;
      expect(preflightsOf(network)).toContainEqual({ origin, method: 'POST', headers: 'content-type' });
      const kinds = network.requests.map(({ headers }) => headers['content-type']);
      expect(kinds).toContain('application/x-ndjson');
    });
  });

  describe('that may fall back to long polls', () => {
    const patient = '{ longPollFallbackMs: 10_000 }';
    const careful = '{ longPollFallbackMs: 500 }';
    const remembered = `sessionStorage.getItem('phx:fallback:LongPoll')`;

    test('stay with WebSockets that work', async (browser, stage) => {
      const seen = await storyAfter(browser, `window.story = follow(${await ask(browser, stage)}, ${patient})`);
      expect(seen).toMatchObject({ ...calm, tried: 1 });
      expect(await browser.tab.evaluate(remembered)).toBe(null);
      expect(browser.network.requests.filter(({ isUpgrade }) => !isUpgrade)).toEqual([]);
    });

    for (const webSockets of ['blocked', 'silent'] as const) {
      test(`poll where WebSockets are ${webSockets}, and on their next page do so at once`, async (browser, stage) => {
        browser.network.webSockets = webSockets;
        const first = await storyAfter(browser, `window.story = follow(${await ask(browser, stage)}, ${careful})`);
        expect(first).toMatchObject({ statuses: ['success'], ends: 1, isConnected: true, channels: 0, tried: 1 });
        expect(await browser.tab.evaluate(remembered)).toBe('true');
        await browser.load();
        const next = await storyAfter(browser, `window.story = follow(${await ask(browser, stage)}, ${careful})`);
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
