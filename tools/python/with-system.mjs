/**
 * Runs a program beside a system: `with-system.mjs <data folder> <program> [arguments]`. The program finds the system by
 * the variables of OpenAI's clients and of our own. Ends with the program's exit code.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

const readyLimitMs = 60_000;
const programLimitMs = 240_000;
const shownCharacters = 4_000;

const [folder, program, ...args] = process.argv.slice(2);
const apiKey = 'mr_live_key_of_the_python_client_check_0001';
const port = await freePort();
const url = `http://127.0.0.1:${port}`;

// Postgres may run as another user and must be able to enter.
mkdirSync(folder, { recursive: true, mode: 0o755 });
const system = spawn(process.execPath, [fileURLToPath(new URL('../../apps/headrace/dist/main.js', import.meta.url))], {
  env: {
    ...process.env,
    HEADRACE_DATA_DIR: folder,
    HEADRACE_HOST: '127.0.0.1',
    HEADRACE_PORT: String(port),
    HEADRACE_METRICS_PORT: '0',
    HEADRACE_PUBLIC_URL: url,
    HEADRACE_MASTER_KEY: 'a master key of checks, the same everywhere',
    HEADRACE_API_KEY: apiKey,
    HEADRACE_DEMO: 'true',
    // Tests receive webhooks on this machine.
    HEADRACE_ALLOW_LOOPBACK: 'true',
  },
  stdio: ['ignore', 'pipe', 'pipe'],
});
let written = '';
for (const stream of [system.stdout, system.stderr]) stream.on('data', (text) => (written += text));

try {
  await ready();
  process.exitCode = await run();
} finally {
  if (system.exitCode === null) {
    system.kill('SIGTERM');
    await once(system, 'exit');
  }
  if (process.exitCode !== 0) process.stderr.write(`What the system wrote:\n${written.slice(-shownCharacters)}\n`);
}

async function ready() {
  for (const giveUpAt = Date.now() + readyLimitMs; ;) {
    const answer = await fetch(`${url}/health/ready`).catch(() => undefined);
    if (answer?.ok) return;
    if (system.exitCode !== null || Date.now() > giveUpAt) throw new Error(`The system did not get ready:\n${written}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function run() {
  const openAi = { OPENAI_BASE_URL: `${url}/v1`, OPENAI_API_KEY: apiKey };
  const env = { ...process.env, ...openAi, HEADRACE_URL: url, HEADRACE_API_KEY: apiKey };
  const child = spawn(program, args, { env, stdio: ['ignore', 'inherit', 'inherit'], timeout: programLimitMs });
  const [code] = await once(child, 'exit');
  return code ?? 1;
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: free } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return free;
}
