import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { makeTestFolder } from '@headrace/testing';
import { bundlePage, type Versions } from './bundle-page.js';

const limitMs = 30_000;

/**
 * What a server sends of a page, as a script says whose `render` returns it. In a process of its own, which fails when
 * something looks for what browsers have.
 */
export async function renderOnServer(script: string, versions?: Versions): Promise<string> {
  const folder = makeTestFolder();
  try {
    const file = `${folder}/server.cjs`;
    await writeFile(file, `${watchGlobals}\n${await bundlePage(script, { versions, for: 'server' })}\n${print}`);
    const { stdout } = await promisify(execFile)(process.execPath, [file], { timeout: limitMs });
    return stdout;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Lookers are told that there is nothing, as most servers would, and told on. */
const watchGlobals = `
const lookedFor = [];
for (const name of ['localStorage', 'sessionStorage', 'WebSocket', 'location', 'fetch', 'addEventListener']) {
  Object.defineProperty(globalThis, name, { configurable: true, get: () => void lookedFor.push(new Error(name).stack) });
}`;

const print = `
Promise.resolve(module.exports.render()).then((html) => {
  if (lookedFor.length > 0) throw new Error('The server looked for what only browsers have:\\n' + lookedFor.join('\\n'));
  process.stdout.write(html);
});`;
