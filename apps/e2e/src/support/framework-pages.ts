import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundlePage, type Versions } from './bundle-page.js';
import { renderOnServer } from './render-on-server.js';

const folder = fileURLToPath(new URL('../pages/', import.meta.url));

interface Page {
  /** The script of the page, in `../pages`. */
  readonly script: string;
  /** What renders the page on a server, before its script takes it over. */
  readonly server?: string;
  readonly versions?: Versions;
}

/** Pages that the browser renders. */
export const frameworks = {
  react: { script: 'react/client.jsx' },
  vue: { script: 'vue/client.js' },
  svelte: { script: 'svelte/client.js' },
  angular: { script: 'angular/service.ts' },
  'angular-signals': { script: 'angular/signals.ts' },
} as const satisfies Record<string, Page>;

/** Pages with a client that no component has. */
export const pagesOfModules = {
  'svelte-module': { script: 'svelte/module.js' },
} as const satisfies Record<string, Page>;

/** Pages of the oldest versions that the client works with, and pages that a server renders. */
export const otherPages = {
  'react-oldest': { script: 'react/client.jsx', versions: 'oldest' },
  'vue-oldest': { script: 'vue/client.js', versions: 'oldest' },
  'react-from-server': { script: 'react/hydrate.jsx', server: 'react/server.jsx' },
  'react-streamed': { script: 'react/stream-hydrate.jsx', server: 'react/stream-server.jsx' },
  'vue-from-server': { script: 'vue/hydrate.js', server: 'vue/server.js' },
  'svelte-from-server': { script: 'svelte/hydrate.js', server: 'svelte/server.js' },
  'react-oldest-from-server': { script: 'react/hydrate.jsx', server: 'react/server.jsx', versions: 'oldest' },
  'react-oldest-streamed': {
    script: 'react/stream-hydrate.jsx',
    server: 'react/stream-server.jsx',
    versions: 'oldest',
  },
  'vue-oldest-from-server': { script: 'vue/hydrate.js', server: 'vue/server.js', versions: 'oldest' },
} as const satisfies Record<string, Page>;

/** The files of a site with these pages, by their paths: `/react` and so on. */
export async function filesOf(pages: Readonly<Record<string, Page>>): Promise<Record<string, string>> {
  const files: Record<string, string> = { '/watch.js': await readFile(`${folder}watch.js`, 'utf8') };
  for (const [name, { script, server, versions }] of Object.entries(pages)) {
    files[`/${name}`] = page(name, server ? await renderOnServer(`${folder}${server}`, versions) : '');
    files[`/${name}.js`] = await bundlePage(`${folder}${script}`, { versions });
  }
  return files;
}

const page = (name: string, content: string): string =>
  `<!doctype html><meta charset="utf-8"><div id="page">${content}</div>` +
  `<script src="/watch.js"></script><script type="module" src="/${name}.js"></script>`;
