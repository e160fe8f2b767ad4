import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process as it can be told from a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in the system's own words; compared, never read. */
  readonly startedAt: string;
}

/** The identity of a running process; undefined when there is none with this number. */
export function identityOf(pid: number): ProcessIdentity | undefined {
  const startedAt = exists(pid) ? startOf(pid) : undefined;
  return startedAt === undefined ? undefined : { pid, startedAt };
}

/** Whether exactly this process still runs: its number alone may have been given away since. */
export function isAlive(identity: ProcessIdentity): boolean {
  return identityOf(identity.pid)?.startedAt === identity.startedAt;
}

/** How a running process was called; undefined when there is none with this number, or it cannot be known. */
export function commandLineOf(pid: number): string | undefined {
  if (!exists(pid)) return undefined;
  return asked(() =>
    process.platform === 'linux'
      ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
      : process.platform === 'win32'
        ? powershell(`(Get-CimInstance Win32_Process -Filter 'ProcessId=${pid}').CommandLine`)
        : run('ps', ['-o', 'command=', '-p', String(pid)]),
  );
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function startOf(pid: number): string | undefined {
  return asked(() =>
    process.platform === 'linux'
      ? linuxStart(pid)
      : process.platform === 'win32'
        ? powershell(`(Get-Process -Id ${pid}).StartTime.Ticks`)
        : run('ps', ['-o', 'lstart=', '-p', String(pid)]),
  );
}

/** Ticks since boot (proc(5), stat field 22) and which boot: after a restart numbers and ticks come again. */
function linuxStart(pid: number): string | undefined {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // The name, field 2, may hold spaces and brackets; what follows its last bracket starts with field 3.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // A zombie has ended; only its parent has not looked yet.
  if (fields[0] === 'Z') return undefined;
  return `${readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()}/${fields[19]}`;
}

/** The process may end between two looks, which is the same as not being there. */
function asked(question: () => string | undefined): string | undefined {
  try {
    return question();
  } catch {
    return undefined;
  }
}

function powershell(expression: string): string | undefined {
  return run('powershell', ['-NoProfile', '-Command', expression]);
}

function run(command: string, args: string[]): string | undefined {
  const text = execFileSync(command, args, { encoding: 'utf8', timeout: 5_000, stdio: ['ignore', 'pipe', 'ignore'] });
  return text.trim() || undefined;
}
