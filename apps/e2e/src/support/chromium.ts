import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { makeTestFolder, waitFor } from '@headrace/testing';

interface Answer {
  readonly id?: number;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
}

interface Evaluated {
  readonly result: { readonly value?: unknown };
  readonly exceptionDetails?: { readonly text: string; readonly exception?: { readonly description?: string } };
}

/** A real Chromium without a window, driven over its DevTools protocol. */
export class Chromium {
  #lastId = 0;
  readonly #waiting = new Map<number, (answer: Answer) => void>();

  private constructor(
    private readonly process: ChildProcess,
    private readonly devTools: WebSocket,
    private readonly folder: string,
  ) {
    devTools.addEventListener('message', ({ data }) => {
      const answer = JSON.parse(String(data)) as Answer;
      if (answer.id !== undefined) this.#waiting.get(answer.id)?.(answer);
    });
  }

  /** Starts it. Call `stop` in `afterAll`. */
  static async start(): Promise<Chromium> {
    const folder = makeTestFolder();
    const options = ['--headless=new', '--no-sandbox', '--disable-gpu', '--remote-debugging-port=0'];
    // Containers give /dev/shm 64 MiB, and a page that needs more crashes.
    options.push('--disable-dev-shm-usage');
    const browser = spawn(process.env.CHROMIUM_BIN ?? 'chromium', [...options, `--user-data-dir=${folder}`]);
    const url = await devToolsUrlOf(browser);
    const devTools = new WebSocket(url);
    await new Promise((resolve) => devTools.addEventListener('open', resolve));
    return new Chromium(browser, devTools, folder);
  }

  /** A tab in a window of its own: pages behind others are woken once a second only. */
  newTab(): Promise<Tab> {
    return this.#newTab({});
  }

  /** A tab with a storage of its own, as if it were somebody else's. */
  async newVisitor(): Promise<Tab> {
    const { browserContextId } = await this.call('Target.createBrowserContext', {});
    return this.#newTab({ browserContextId });
  }

  async #newTab(where: object): Promise<Tab> {
    const { targetId } = await this.call('Target.createTarget', { url: 'about:blank', newWindow: true, ...where });
    const { sessionId } = await this.call('Target.attachToTarget', { targetId, flatten: true });
    return new Tab(this, String(sessionId));
  }

  /** Calls a method of the DevTools protocol. */
  async call(method: string, params: object, sessionId?: string): Promise<Record<string, unknown>> {
    const id = ++this.#lastId;
    const answered = new Promise<Answer>((resolve) => this.#waiting.set(id, resolve));
    this.devTools.send(JSON.stringify({ id, method, params, sessionId }));
    const { result, error } = await answered;
    this.#waiting.delete(id);
    if (error) throw new Error(`${method}: ${error.message}`);
    return result ?? {};
  }

  async stop(): Promise<void> {
    const ended = once(this.process, 'exit');
    this.devTools.close();
    this.process.kill('SIGKILL');
    await ended;
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** One page of a browser. */
export class Tab {
  constructor(
    private readonly browser: Chromium,
    private readonly session: string,
  ) {}

  /** Loads a page, anew if it is the one that is there, and waits until `isReady` is true in it. */
  async load(url: string, isReady: string): Promise<void> {
    await this.browser.call('Page.navigate', { url }, this.session);
    // The page before is gone, and its answers with it, at some moment of this.
    await waitFor(() => this.evaluate(`document.readyState === 'complete' && (${isReady})`), {
      what: `${url} is ready`,
    });
  }

  /** Freezes the page, as browsers do with those that were hidden for long, or thaws it. */
  async become(state: 'frozen' | 'active'): Promise<void> {
    await this.browser.call('Page.setWebLifecycleState', { state }, this.session);
  }

  /** The value of an expression in the page, awaited if it is a promise. */
  async evaluate<Value>(expression: string): Promise<Value> {
    const params = { expression, awaitPromise: true, returnByValue: true };
    const evaluated = await this.browser.call('Runtime.evaluate', params, this.session);
    const { result, exceptionDetails } = evaluated as unknown as Evaluated;
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value as Value;
  }
}

async function devToolsUrlOf(browser: ChildProcess): Promise<string> {
  const failed = once(browser, 'exit').then(() => {
    throw new Error('Chromium ended at once. Is it installed? CHROMIUM_BIN says where it is.');
  });
  const found = new Promise<string>((resolve) => {
    if (!browser.stderr) return;
    createInterface({ input: browser.stderr }).on('line', (line) => {
      const [, url] = /DevTools listening on (ws:\S+)/.exec(line) ?? [];
      if (url) resolve(url);
    });
  });
  const url = await Promise.race([found, failed]);
  failed.catch(() => undefined);
  return url;
}
