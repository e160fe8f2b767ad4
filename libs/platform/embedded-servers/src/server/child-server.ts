import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedServerError } from '../embedded-server.error.js';
import { translating } from './data-folder.js';
import { stopWithThisProcess } from './stop-with-process.js';

/** How a server process is started, told to be ready, and stopped. */
export interface ChildServerOptions {
  /** For messages: `NATS`, `Postgres`. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Runs as this user and group, when this process may choose. */
  readonly userId?: number;
  /** Gets the server's output. A file, because a pipe would break, and end the server, with this process. */
  readonly logFile: string;
  readonly isReady: (pid: number) => Promise<boolean>;
  /** Asks for a clean stop. */
  readonly stopSignal: NodeJS.Signals;
  /** Asks where signals do not exist (Windows). */
  readonly stopCommand?: () => Promise<void>;
}

/** A server process in a group of its own. */
export interface ChildServer {
  readonly pid: number;
  /** Resolves when the process has ended, for whatever reason. */
  readonly ended: Promise<void>;
  readonly stop: () => Promise<void>;
  /** Ends the process without giving it time to tidy up. */
  readonly kill: () => Promise<void>;
}

const startLimitMs = 60_000;
const stopLimitMs = 15_000;

/** The server ended or hung while it started; `output` is what it wrote. */
export class ServerDidNotStart extends Error {
  override readonly name = 'ServerDidNotStart';

  constructor(
    server: string,
    readonly output: string,
  ) {
    super(`${server} did not start`);
  }
}

/**
 * Starts a server and waits until it is ready. It gets a process group of its own, so that Ctrl-C at the terminal
 * reaches only this process, which stops its servers last.
 * Errors: `ServerDidNotStart`; `binary_missing` when the program cannot be run.
 */
export async function startChildServer(options: ChildServerOptions): Promise<ChildServer> {
  const child = launch(options);
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const pid = await pidOf(child, options);
  const kill = async (): Promise<void> => {
    signalGroup(pid, 'SIGKILL');
    await ended;
  };
  const server = { pid, ended, kill, stop: () => stop(options, child, ended, kill) };
  const release = stopWithThisProcess(server, () => signal(child, options.stopSignal));
  void ended.then(release);
  if (await becomesReady(options, child, pid)) {
    child.unref();
    return server;
  }
  await kill();
  throw new ServerDidNotStart(options.name, tail(options.logFile));
}

function launch({ name, command, args, env, cwd, userId, logFile }: ChildServerOptions): ChildProcess {
  const output = translating(cwd, () => {
    if (existsSync(logFile)) renameSync(logFile, `${logFile}.1`);
    return openSync(logFile, 'a', 0o600);
  });
  try {
    return spawn(command, args, {
      cwd,
      env,
      detached: true,
      windowsHide: true,
      stdio: ['ignore', output, output],
      ...(userId === undefined ? {} : { uid: userId, gid: userId }),
    });
  } catch (error) {
    throw cannotBeRun(name, command, error as Error);
  } finally {
    closeSync(output);
  }
}

function pidOf(child: ChildProcess, { name, command }: ChildServerOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('spawn', () => resolve(child.pid as number));
    child.once('error', (cause) => reject(cannotBeRun(name, command, cause)));
  });
}

function cannotBeRun(name: string, command: string, cause: Error): EmbeddedServerError {
  return new EmbeddedServerError('binary_missing', `${name} cannot be run from ${command}: ${cause.message}.`, {
    cause,
  });
}

async function becomesReady(options: ChildServerOptions, child: ChildProcess, pid: number): Promise<boolean> {
  const deadline = Date.now() + startLimitMs;
  while (Date.now() < deadline) {
    if (hasEnded(child)) return false;
    if (await options.isReady(pid)) return true;
    await delay(10);
  }
  return false;
}

async function stop(
  { stopSignal, stopCommand }: ChildServerOptions,
  child: ChildProcess,
  ended: Promise<void>,
  kill: () => Promise<void>,
): Promise<void> {
  if (hasEnded(child)) return;
  // While it is being waited for, it keeps this process from ending.
  child.ref();
  if (process.platform === 'win32' && stopCommand) await stopCommand();
  else signal(child, stopSignal);
  const limit = new AbortController();
  const late = delay(stopLimitMs, 'late', { signal: limit.signal }).catch(() => 'ended');
  const outcome = await Promise.race([ended.then(() => 'ended'), late]);
  limit.abort();
  if (outcome === 'late') await kill();
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function signal(child: ChildProcess, name: NodeJS.Signals): void {
  if (!hasEnded(child)) child.kill(name);
}

/** Signals a server's whole group, or only the process that leads it; what is gone already is no error. */
export function signalGroup(pid: number, name: NodeJS.Signals, who: 'group' | 'leader' = 'group'): void {
  try {
    process.kill(who === 'leader' || process.platform === 'win32' ? pid : -pid, name);
  } catch {
    // Already gone.
  }
}

function tail(file: string): string {
  try {
    return readFileSync(file, 'utf8').slice(-4_000);
  } catch {
    return '';
  }
}
