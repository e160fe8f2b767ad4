import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../embedded-server.js';
import { signalGroup } from './child-server.js';
import { commandLineOf, identityOf, isAlive } from './process-identity.js';

const cleanStopMs = 15_000;

/**
 * The process that a server's own pid file names, if it really is that server: after a crash the number may long
 * belong to another program. `mark` is a path that stands in the server's command line.
 */
export function serverOfPidFile(pidFile: string, mark: string): number | undefined {
  const pid = readPid(pidFile);
  return pid !== undefined && commandLineOf(pid)?.includes(mark) ? pid : undefined;
}

function readPid(pidFile: string): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(pidFile, 'utf8'), 10);
    return pid > 1 ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Stops a server whose owner died without stopping it; resolves once it is gone. */
export async function stopOrphan(name: string, pid: number, stopSignal: NodeJS.Signals, log: Log): Promise<void> {
  log(`${name} of an earlier start still runs (process ${pid}): stopping it first.`);
  const orphan = identityOf(pid);
  if (!orphan) return;
  signalGroup(pid, stopSignal, 'leader');
  const deadline = Date.now() + cleanStopMs;
  // Its end sends no event: it is not a child of this process.
  while (isAlive(orphan)) {
    if (Date.now() > deadline) signalGroup(pid, 'SIGKILL');
    await delay(20);
  }
}
