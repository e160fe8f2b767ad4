import { mkdir, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { scriptTag } from './script-tag.mjs';

const file = new URL('../dist/headrace.min.js', import.meta.url);
const code = await scriptTag();
await mkdir(new URL('.', file), { recursive: true });
await writeFile(file, code);
console.log(`dist/headrace.min.js: ${code.length} bytes, ${gzipSync(code).length} gzipped`);
