import { expect } from '@jest/globals';
import type { Chromium, Tab } from './chromium.js';

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

/** A tab with one of the pages of `framework-pages.ts`. */
export class FrameworkTab {
  private constructor(
    private readonly tab: Tab,
    private readonly url: string,
  ) {}

  static async open(chromium: Chromium, url: string): Promise<FrameworkTab> {
    const opened = new FrameworkTab(await chromium.newVisitor(), url);
    await opened.load();
    return opened;
  }

  /** Does the same on each of some pages, at the same time: most of it is waiting. */
  static async onEach(
    chromium: Chromium,
    urls: readonly string[],
    body: (tab: FrameworkTab) => Promise<void>,
  ): Promise<void> {
    const outcomes = await Promise.allSettled(urls.map(async (url) => body(await FrameworkTab.open(chromium, url))));
    const failures = outcomes.flatMap((outcome, at) =>
      outcome.status === 'rejected' ? [`${urls[at]}: ${String(outcome.reason)}`] : [],
    );
    expect(failures).toEqual([]);
  }

  load(): Promise<void> {
    return this.tab.load(this.url, 'window.ready && window.left === undefined');
  }

  /** The value of an expression in the page. */
  evaluate<Value>(expression: string): Promise<Value> {
    return this.tab.evaluate(expression);
  }

  /** Does something in the page, and says what the page was like when its last request had ended. */
  seenAfter(script: string): Promise<Seen> {
    return this.evaluate(`(async () => { ${script}; await until(hasEnded); return ${look}; })()`);
  }

  /** Loads the page again in the middle of an answer, and says what it was like when the request had ended. */
  async seenAfterReload(): Promise<Seen> {
    const last = await this.evaluate<string>(`(async () => {
      window.left = true;
      click('ask');
      await until(isInMidAnswer);
      return JSON.stringify(asked.at(-1));
    })()`);
    await this.load();
    return this.seenAfter(`asked.push(${last})`);
  }
}

/** Takes the component off the page in the middle of an answer, notes what is left, and puts it back. */
export const takenOffAndPutBack = `
  click('ask');
  await until(isInMidAnswer);
  click('toggle');
  await until(() => !shown());
  window.meanwhile = { openSockets: openSockets(), kept: localStorage.length };
  click('toggle');
  await until(isInMidAnswer);
  texts.splice(0)`;

/** The text grew to the whole answer, over one socket at a time, and nothing is left behind. */
export function expectWhole(seen: Seen): void {
  expect(seen.texts.at(-1)).toBe(seen.content);
  expectEnded(seen);
}

/** The same of a page that was away for a while: what ends meanwhile is told by its result, without text. */
export function expectEnded({ texts, content, ...seen }: Seen): void {
  expect(content.length).toBeGreaterThan(20);
  expect(['', content]).toContain(texts.at(-1));
  for (const [index, text] of texts.entries()) expect(text.startsWith(texts[index - 1] ?? '')).toBe(true);
  expect(seen).toEqual({ status: 'success', mostOpenSockets: 1, openSockets: 0, kept: 0, problems: [] });
}
