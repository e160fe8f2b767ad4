import { afterAll, beforeAll, beforeEach, describe, expect } from '@jest/globals';
import { Chromium, type Tab } from './support/chromium.js';
import { frameworkPages, frameworks } from './support/framework-pages.js';
import { testsOn } from './support/stage.js';
import { startSystem, type System } from './support/system.js';
import { timeScale } from './support/workflows.js';
import { WebSite } from './support/web-site.js';

const startLimitMs = 90_000;

/** What `look` sees of a page, in the terms of `pages/watch.js`. */
interface Seen {
  readonly texts: readonly string[];
  readonly content: string;
  readonly status: string;
  readonly mostOpenSockets: number;
  readonly openSockets: number;
  readonly kept: number;
  readonly problems: readonly string[];
}
const look = `({
  texts, mostOpenSockets, problems, openSockets: openSockets(), kept: localStorage.length,
  content: shown().response.content, status: shown().response.status,
})`;

describe('the adapters of the browser client, in Chromium', () => {
  let system: System;
  let site: WebSite;
  let chromium: Chromium;
  beforeAll(async () => {
    system = await startSystem({ mode: 'one', timeScale });
    site = await WebSite.start(system.api, await frameworkPages());
    chromium = await Chromium.start();
  }, startLimitMs);
  afterAll(async () => {
    await chromium?.stop();
    await site?.stop();
    await system?.stop();
  }, startLimitMs);
  const test = testsOn(() => system);

  describe.each(Object.keys(frameworks))('a page of %s', (framework) => {
    let tab: Tab;
    beforeEach(async () => {
      tab = await chromium.newTab();
      await load();
    });
    const load = (): Promise<void> => tab.load(`${site.url}${framework}`, `shown() && window.left === undefined`);
    /** Does something in the page, and says what the page was like when its last request had ended. */
    const seenAfter = (script: string): Promise<Seen> =>
      tab.evaluate(`(async () => { ${script}; await until(hasEnded); return ${look}; })()`);

    test('shows the text as it comes, and then the result', async () => {
      const seen = await seenAfter(`click('ask'); await until(isInMidAnswer)`);
      expectWhole(seen);
      expect(seen.texts.length).toBeGreaterThan(5);
    });

    test('goes on when the component is taken off in mid-answer and put back', async () => {
      const seen = await seenAfter(`
        click('ask');
        await until(isInMidAnswer);
        click('toggle');
        await until(() => !shown());
        window.meanwhile = { openSockets: openSockets(), kept: localStorage.length };
        click('toggle');
        await until(isInMidAnswer);
        texts.splice(0)`);
      expectWhole(seen);
      expect(await tab.evaluate('meanwhile')).toEqual({ openSockets: 0, kept: 1 });
    });

    test('follows the next request, asked for in mid-answer or after the end', async () => {
      const page = `click('ask'); await until(isInMidAnswer)`;
      const anew = `texts.splice(0); click('ask'); await until(() => !shown().text); await until(isInMidAnswer)`;
      expectWhole(await seenAfter(`${page}; ${anew}`));
      const seen = await seenAfter(anew);
      expectWhole(seen);
      expect(seen.texts[0]).toBe('');
      expect(await tab.evaluate('new Set(asked.map(({ channel_id }) => channel_id)).size')).toBe(3);
    });

    test('goes on when the page is loaded again in mid-answer', async () => {
      const last = await tab.evaluate<string>(`(async () => {
        window.left = true;
        click('ask');
        await until(isInMidAnswer);
        return JSON.stringify(asked.at(-1));
      })()`);
      await load();
      expectWhole(await seenAfter(`asked.push(${last})`));
    });
  });
});

/** The text grew to the whole answer, over one socket at a time, and nothing is left behind. */
function expectWhole({ texts, content, ...seen }: Seen): void {
  expect(texts.at(-1)).toBe(content);
  expect(content.length).toBeGreaterThan(20);
  for (const [index, text] of texts.entries()) expect(text.startsWith(texts[index - 1] ?? '')).toBe(true);
  expect(seen).toEqual({ status: 'success', mostOpenSockets: 1, openSockets: 0, kept: 0, problems: [] });
}
