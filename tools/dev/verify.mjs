/**
 * All that CI checks, in one command: `npm run verify`. Every check runs, also after another has failed, so that one
 * run tells all. `--results=<file>` keeps Jest's results in that file.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSummary } from './test-summary.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'headrace-verify-'));
const results =
  process.argv.find((argument) => argument.startsWith('--results='))?.slice('--results='.length) ??
  join(scratch, 'results.json');

/** The test run includes the boundary test: a forbidden import must fail lint. */
const checks = [
  ['Lock file', 'node', ['tools/dev/check-lock.mjs']],
  ['Build and types', 'npm', ['run', '--silent', 'typecheck']],
  ['Lint and format', 'npm', ['run', '--silent', 'lint']],
  ['Reference pages', 'node', ['tools/reference/generate-reference.mjs', '--check']],
  ['Tests', 'npm', ['test', '--', '--json', `--outputFile=${results}`]],
];

const failed = checks.filter(([name, command, args]) => !passes(name, command, args)).map(([name]) => name);
process.stdout.write(`\nTests: ${readSummary(results)}.\n`);
process.stdout.write(failed.length > 0 ? `Failed: ${failed.join(', ')}.\n` : 'All checks passed.\n');
rmSync(scratch, { recursive: true, force: true });
process.exitCode = failed.length > 0 ? 1 : 0;

function passes(name, command, args) {
  process.stdout.write(`\n== ${name}\n`);
  const started = Date.now();
  // npm is a script on Windows, which only a shell runs; nothing here needs quoting.
  const shell = process.platform === 'win32';
  const { status } = spawnSync(command, args, { cwd: root, shell, stdio: ['ignore', 'inherit', 'inherit'] });
  process.stdout.write(`== ${name}: ${status === 0 ? 'passed' : 'FAILED'} in ${seconds(started)} s\n`);
  return status === 0;
}

function seconds(started) {
  return ((Date.now() - started) / 1000).toFixed(1);
}
