import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { openSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Target } from './sync-plan.ts';

const readyLimitMs = 60_000;
/** Long, because LiteLLM takes no weak ones. */
const key = 'sk-bench-9f2c41d07b6e4a83a1d5c06e7f3b2a98';

/** Another gateway that runs for the bench. */
export interface Peer {
  readonly target: Target;
  readonly pid: number;
  stop(): Promise<void>;
}

/** LiteLLM's proxy, by the path of its program: a virtual environment's `bin/litellm`. Its log goes to `folder`. */
export async function startLiteLlm(program: string, providerUrl: string, folder: string): Promise<Peer> {
  const port = await freePort();
  const config = {
    model_list: [
      { model_name: 'bench', litellm_params: { model: 'openai/bench-model', api_base: providerUrl, api_key: key } },
    ],
    general_settings: { master_key: key },
    litellm_settings: { num_retries: 0, drop_params: true },
  };
  const file = join(folder, 'litellm.yaml');
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(config));
  const args = ['--config', file, '--host', '127.0.0.1', '--port', String(port)];
  const child = start('litellm', program, args, folder);
  const url = `http://127.0.0.1:${port}`;
  await ready(child, `${url}/health/liveliness`);
  const target = { name: 'litellm', url: `${url}/v1/chat/completions`, model: 'bench', headers: bearer() };
  return { target, pid: child.pid ?? 0, stop: () => end(child) };
}

/** Portkey's gateway, by the path of its `build/start-server.js`. */
export async function startPortkey(script: string, providerUrl: string, folder: string): Promise<Peer> {
  const port = await freePort();
  const args = [script, `--port=${port}`, '--headless'];
  const child = start('portkey', process.execPath, args, folder, { TRUSTED_CUSTOM_HOSTS: '127.0.0.1,localhost' });
  const url = `http://127.0.0.1:${port}`;
  await ready(child, url);
  const headers = { ...bearer(), 'x-portkey-provider': 'openai', 'x-portkey-custom-host': providerUrl };
  const target = { name: 'portkey', url: `${url}/v1/chat/completions`, model: 'bench-model', headers };
  return { target, pid: child.pid ?? 0, stop: () => end(child) };
}

const bearer = () => ({ authorization: `Bearer ${key}` });

function start(name: string, program: string, args: string[], folder: string, env: Record<string, string> = {}) {
  const log = openSync(join(folder, `${name}.log`), 'a');
  return spawn(program, args, { cwd: folder, env: { ...process.env, ...env }, stdio: ['ignore', log, log] });
}

async function ready(child: ChildProcess, url: string): Promise<void> {
  const giveUpAt = performance.now() + readyLimitMs;
  while (!(await answers(url))) {
    if (child.exitCode !== null || performance.now() > giveUpAt) throw new Error(`${url} did not get ready.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    await (await fetch(url, { signal: AbortSignal.timeout(2_000) })).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
