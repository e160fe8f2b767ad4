import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const script = fileURLToPath(new URL('../pages/phoenix.js', import.meta.url));

/** The real clients, by the names under which they are installed. */
const packages = { '1.7.14': 'phoenix-1.7.14', '1.8.3': 'phoenix-1.8.3', '1.8.16': 'phoenix' } as const;

export type PhoenixVersion = keyof typeof packages;
export const phoenixVersions = Object.keys(packages) as PhoenixVersion[];

/** A site with one page for each version of phoenix.js, which do nothing until a test says what. */
export class PhoenixSite {
  private constructor(private readonly server: Server) {}

  /** Starts it. Call `stop` in `afterAll`. */
  static async start(): Promise<PhoenixSite> {
    const scripts = new Map<string, string>();
    for (const version of phoenixVersions) scripts.set(`/${version}.js`, await bundle(packages[version]));
    const server = createServer(({ url = '/' }, response) => {
      const page = `<!doctype html><meta charset="utf-8"><script src="${url}.js"></script>`;
      response.setHeader('content-type', scripts.has(url) ? 'text/javascript' : 'text/html');
      response.end(scripts.get(url) ?? page);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new PhoenixSite(server);
  }

  /** What browsers say that its pages are from. */
  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  pageOf(version: PhoenixVersion): string {
    return `${this.origin}/${version}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}

/** Bundles the page as a site would. Each version by itself: phoenix.js goes by the names of its classes. */
async function bundle(phoenix: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [script],
    bundle: true,
    write: false,
    format: 'iife',
    alias: { phoenix },
    logLevel: 'silent',
  });
  return outputFiles.map(({ text }) => text).join('');
}
