#!/usr/bin/env node
/** Checked in, so that npm can link it before anything is compiled. */
import { existsSync } from 'node:fs';

const main = new URL('../dist/main.js', import.meta.url);
if (existsSync(main)) await import(main.href);
else {
  process.stderr.write('The headrace command is not compiled yet: run "npm run build" first.\n');
  process.exitCode = 1;
}
