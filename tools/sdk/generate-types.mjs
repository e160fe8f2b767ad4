/**
 * Writes the types of the configuration routes for both server SDKs from the OpenAPI document of a running system
 * (HEADRACE_URL). With `--check` it writes nothing, and says what is not as it would be written.
 *
 *   node tools/python/with-system.mjs "$(mktemp -d)" node tools/sdk/generate-types.mjs [--check]
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { pythonModule } from './python-types.mjs';
import { typeScriptFiles } from './typescript-types.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const typeScriptFolder = `${root}libs/sdk/node/src/types/api`;
const pythonFile = `${root}libs/sdk/python/src/headrace/_api_types.py`;

const url = process.env['HEADRACE_URL'] ?? 'http://localhost:4100';
const document = await (await fetch(`${url}/openapi.json`, { signal: AbortSignal.timeout(20_000) })).json();

const written = new Map([[pythonFile, pythonModule(document)]]);
const options = await resolveConfig(`${typeScriptFolder}/x.ts`);
for (const [name, text] of typeScriptFiles(document)) {
  const file = `${typeScriptFolder}/${name}.ts`;
  written.set(file, await format(text, { ...options, filepath: file }));
}

if (process.argv.includes('--check')) await check();
else await write();

async function write() {
  await mkdir(typeScriptFolder, { recursive: true });
  for (const [file, text] of written) await writeFile(file, text);
}

async function check() {
  for (const [file, text] of written) {
    if ((await readFile(file, 'utf8').catch(() => '')) === text) continue;
    console.error(`${relative(root, file)} is not what the OpenAPI document says: run tools/sdk/generate-types.mjs.`);
    process.exitCode = 1;
  }
}
