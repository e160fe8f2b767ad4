import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { Chromium } from './support/chromium.js';
import { filesOf, frameworks, pagesOfModules } from './support/framework-pages.js';
import { expectEnded, expectWhole, FrameworkTab, takenOffAndPutBack } from './support/framework-tab.js';
import { testsOn } from './support/stage.js';
import { startSystem, type System } from './support/system.js';
import { WebSite } from './support/web-site.js';
import { timeScale } from './support/workflows.js';

const startLimitMs = 90_000;

describe('the adapters of the browser client, in Chromium', () => {
  let system: System;
  let site: WebSite;
  let chromium: Chromium;
  beforeAll(async () => {
    system = await startSystem({ mode: 'one', timeScale });
    site = await WebSite.start(system.api, await filesOf({ ...frameworks, ...pagesOfModules }));
    chromium = await Chromium.start();
  }, startLimitMs);
  afterAll(async () => {
    await chromium?.stop();
    await site?.stop();
    await system?.stop();
  }, startLimitMs);
  const test = testsOn(() => system);
  const open = (page: string): Promise<FrameworkTab> => FrameworkTab.open(chromium, `${site.url}${page}`);
  const onEachPage = (sentence: string, body: (tab: FrameworkTab) => Promise<void>): void =>
    test(sentence, () => {
      const urls = Object.keys(frameworks).map((page) => `${site.url}${page}`);
      return FrameworkTab.onEach(chromium, urls, body);
    });

  onEachPage('show the text as it comes, and then the result', async (tab) => {
    const seen = await tab.seenAfter(`click('ask'); await until(isInMidAnswer)`);
    expectWhole(seen);
    expect(seen.texts.length).toBeGreaterThan(5);
  });

  onEachPage('go on when the component is taken off in mid-answer and put back', async (tab) => {
    expectWhole(await tab.seenAfter(takenOffAndPutBack));
    expect(await tab.evaluate('meanwhile')).toEqual({ openSockets: 0, kept: 1 });
  });

  onEachPage('keep what is asked for when the component is gone, for the next one', async (tab) => {
    const seen = await tab.seenAfter(`
      click('ask');
      click('toggle');
      await until(() => !shown());
      await untilAnswered();
      window.meanwhile = { openSockets: openSockets(), kept: localStorage.length };
      click('toggle')`);
    expectEnded(seen);
    expect(await tab.evaluate('meanwhile')).toEqual({ openSockets: 0, kept: 1 });
  });

  onEachPage('follow the next request, asked for in mid-answer or after the end', async (tab) => {
    const anew = `
      click('ask');
      await until(() => !shown().text);
      texts.splice(0, texts.lastIndexOf(''));
      await until(isInMidAnswer)`;
    expectWhole(await tab.seenAfter(`click('ask'); await until(isInMidAnswer); ${anew}`));
    expectWhole(await tab.seenAfter(anew));
    expect(await tab.evaluate('new Set(asked.map(({ channel_id }) => channel_id)).size')).toBe(3);
  });

  onEachPage('go on when the page is loaded again in mid-answer', async (tab) => {
    expectEnded(await tab.seenAfterReload());
  });

  test('of Svelte go on without a component when the page is loaded again in mid-answer', async () => {
    const tab = await open('svelte-module');
    expectEnded(await tab.seenAfterReload());
  });

  describe('of Angular, without zones', () => {
    test.each(['angular', 'angular-signals'])('show the steps on a page of %s', async (page) => {
      const tab = await open(page);
      const steps = `[...document.querySelectorAll('li')].map(({ textContent }) => textContent)`;
      const isBegun = `${steps}.includes('queue success') && ${steps}.includes('complete pending')`;
      expectWhole(await tab.seenAfter(`click('ask'); await until(() => ${isBegun})`));
      expect(await tab.evaluate(steps)).toEqual([
        'queue success',
        'process success',
        'receive success',
        'complete success',
      ]);
    });

    test('render anew what reads nothing but the getters of the service', async () => {
      const tab = await open('angular');
      const seen = await tab.seenAfter(`
        const getters = () => document.getElementById('getters').textContent;
        click('ask');
        await until(() => getters() === 'true false ');
        await until(() => getters() === 'false true ' + shown().text && shown().text);
        await until(() => getters() === 'false false ' + shown().text && shown().response)`);
      expectWhole(seen);
    });

    test('let two components follow a request each', async () => {
      const tab = await open('angular-signals');
      const seen = await tab.evaluate(`(async () => {
        const another = () => JSON.parse(document.querySelector('pre').textContent);
        click('ask');
        click('ask-another');
        await until(() => shown().response && another());
        const followed = [shown().response, another()];
        const ids = (requests) => requests.map(({ channel_id }) => channel_id).sort();
        return {
          followed: ids(followed), asked: ids(asked), mostOpenSockets,
          openSockets: openSockets(), kept: localStorage.length, problems,
        };
      })()`);
      const { asked, ...rest } = seen as { asked: string[] };
      expect(new Set(asked).size).toBe(2);
      expect(rest).toEqual({ followed: asked, mostOpenSockets: 2, openSockets: 0, kept: 0, problems: [] });
    });
  });
});
