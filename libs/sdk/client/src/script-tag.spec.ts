import { readFileSync } from 'node:fs';
import { createContext, runInContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { scriptTag } from '../build/script-tag.mjs';
import type * as exported from './index.js';
import { aRequest, aSuccess, ClientHarness } from './testing/client-harness.js';
import { next } from './testing/recorded-client.js';

type Exported = typeof exported;
interface Page {
  readonly Headrace: Exported;
  readonly ModelRiver: Exported;
}

const sizeLimit = 8 * 1024;
let script: string;
let harness: ClientHarness;
beforeAll(async () => {
  script = await scriptTag();
  harness = await ClientHarness.start();
});
afterAll(() => harness.stop());

/** A page on the test's server that loads the script and has nothing of Node. */
function loadPage(): Page {
  const items = new Map<string, string>();
  const page = createContext({
    WebSocket,
    URL,
    AbortSignal,
    AbortController,
    atob,
    fetch,
    console,
    setTimeout,
    clearTimeout,
    location: { href: `${harness.server.url.replace('ws', 'http').replace('/socket', '')}/shop?page=1` },
    localStorage: {
      getItem: (key: string) => items.get(key) ?? null,
      setItem: (key: string, value: string) => items.set(key, value),
      removeItem: (key: string) => items.delete(key),
    },
  });
  runInContext(script, page);
  return page as unknown as Page;
}

describe('the script for a script tag', () => {
  it('is less than 8 kB, compressed', () => {
    expect(gzipSync(script).length).toBeLessThan(sizeLimit);
  });

  it('gives the page the global names of this client and of the one that it can take the place of', () => {
    const { Headrace, ModelRiver } = loadPage();
    expect(Object.keys(ModelRiver).sort()).toEqual([
      'DEFAULT_BASE_URL',
      'DEFAULT_HEARTBEAT_INTERVAL',
      'DEFAULT_REQUEST_TIMEOUT',
      'HeadraceClient',
      'ModelRiverClient',
      'RequestFailed',
      'buildWebSocketUrl',
      'decodeToken',
      'followRequest',
      'isStorageAvailable',
      'isTokenExpired',
    ]);
    expect(ModelRiver.ModelRiverClient).toBe(Headrace.HeadraceClient);
    expect(ModelRiver.isStorageAvailable()).toBe(true);
  });

  it('follows a request on the host of its page, and leaves no other global name', async () => {
    const page = loadPage();
    const client = new page.ModelRiver.ModelRiverClient();
    client.connect(aRequest);
    (await harness.joined()).push('response', aSuccess);
    expect(await next(client, 'response')).toEqual(aSuccess);
    const own = Object.keys(page).filter(
      (name) => !['location', 'localStorage'].includes(name) && !(name in globalThis),
    );
    expect(own).toEqual(['Headrace', 'ModelRiver']);
  });

  it('belongs to a package that depends on nothing', () => {
    const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as object;
    expect(manifest).not.toHaveProperty('dependencies');
  });
});
