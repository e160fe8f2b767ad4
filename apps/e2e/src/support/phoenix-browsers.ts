import { Tab, type Chromium } from './chromium.js';
import { Network } from './network.js';
import { PhoenixSite, phoenixVersions, type PhoenixVersion } from './phoenix-pages.js';

/** A tab whose page has one version of phoenix.js, and the network between it and a hub. */
export interface PhoenixBrowser {
  readonly version: PhoenixVersion;
  readonly tab: Tab;
  readonly network: Network;
  /** What the browser says that its page is from. */
  readonly origin: string;
  /** Loads the page anew. */
  readonly load: () => Promise<void>;
}

/** All versions of phoenix.js side by side. */
export class PhoenixBrowsers {
  private constructor(
    private readonly site: PhoenixSite,
    private readonly browsers: readonly PhoenixBrowser[],
  ) {}

  /** Opens a tab for each. Call `stop` in `afterAll`. */
  static async start(chromium: Chromium, hubUrl: string): Promise<PhoenixBrowsers> {
    const site = await PhoenixSite.start();
    const open = async (version: PhoenixVersion): Promise<PhoenixBrowser> => {
      const [tab, network] = await Promise.all([chromium.newTab(), Network.before(hubUrl)]);
      const load = async (): Promise<void> => {
        await tab.evaluate('window.left = true');
        await tab.load(site.pageOf(version), `typeof follow === 'function' && window.left === undefined`);
      };
      return { version, tab, network, origin: site.origin, load };
    };
    return new PhoenixBrowsers(site, await Promise.all(phoenixVersions.map(open)));
  }

  /** What the browsers say that their pages are from. */
  get origin(): string {
    return this.site.origin;
  }

  /** Makes all as if they had just been opened. */
  async begin(): Promise<void> {
    await this.each(async ({ tab, network, load }) => {
      network.webSockets = 'pass';
      network.mend();
      await load();
      await tab.evaluate('sessionStorage.clear()');
      network.requests.splice(0);
    });
  }

  /** Does something with all that fit at a time. Rejects when all are done, and says of which version it failed. */
  async each(
    action: (browser: PhoenixBrowser) => Promise<void>,
    fits: (browser: PhoenixBrowser) => boolean = () => true,
  ): Promise<void> {
    const outcomes = await Promise.allSettled(
      this.browsers.filter(fits).map(async (browser) => {
        try {
          await action(browser);
        } catch (error) {
          if (error instanceof Error) error.message = `phoenix.js ${browser.version}: ${error.message}`;
          throw error;
        }
      }),
    );
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  }

  async stop(): Promise<void> {
    await Promise.all([this.site.stop(), ...this.browsers.map(({ network }) => network.stop())]);
  }
}

/** What a browser asked before requests of another origin. */
export const preflightsOf = ({ requests }: Network) =>
  requests
    .filter(({ method }) => method === 'OPTIONS')
    .map(({ headers }) => ({
      origin: headers.origin,
      method: headers['access-control-request-method'],
      headers: headers['access-control-request-headers'],
    }));
