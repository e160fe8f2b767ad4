import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { Chromium } from './support/chromium.js';
import { filesOf, otherPages } from './support/framework-pages.js';
import { expectEnded, expectWhole, FrameworkTab, takenOffAndPutBack } from './support/framework-tab.js';
import { testsOn } from './support/stage.js';
import { startSystem, type System } from './support/system.js';
import { WebSite } from './support/web-site.js';
import { timeScale } from './support/workflows.js';

const startLimitMs = 90_000;

describe('pages that a server renders, and pages of the oldest frameworks', () => {
  let system: System;
  let site: WebSite;
  let chromium: Chromium;
  let files: Record<string, string>;
  beforeAll(async () => {
    system = await startSystem({ mode: 'one', timeScale });
    files = await filesOf(otherPages);
    site = await WebSite.start(system.api, files);
    chromium = await Chromium.start();
  }, startLimitMs);
  afterAll(async () => {
    await chromium?.stop();
    await site?.stop();
    await system?.stop();
  }, startLimitMs);
  const test = testsOn(() => system);

  const pages = Object.keys(otherPages);
  const onEachPage = (sentence: string, body: (tab: FrameworkTab) => Promise<void>): void =>
    test(sentence, () => {
      const urls = pages.map((page) => `${site.url}${page}`);
      return FrameworkTab.onEach(chromium, urls, body);
    });

  onEachPage(
    'show the text as it comes, also when the component is taken off in mid-answer and put back',
    async (tab) => {
      expectWhole(await tab.seenAfter(takenOffAndPutBack));
      expect(await tab.evaluate('meanwhile')).toEqual({ openSockets: 0, kept: 1 });
    },
  );

  onEachPage('go on when they are loaded again in mid-answer', async (tab) => {
    expectEnded(await tab.seenAfterReload());
  });

  const rendered = pages.filter((page) => 'server' in otherPages[page as keyof typeof otherPages]);
  test.each(rendered)('the server sends the component of %s, empty', async (page) => {
    expect(files[`/${page}`]).toMatch(/<button id="ask"[^>]*>.*<output data-pending="false">/s);
  });

  const streamed = rendered.filter((page) => page.endsWith('streamed'));
  test.each(streamed)('the server sends the component of %s after the page around it', async (page) => {
    const sent = files[`/${page}`] ?? '';
    expect(sent).toContain('id="waiting"');
    expect(sent.indexOf('id="waiting"')).toBeLessThan(sent.indexOf('id="ask"'));
  });
});
