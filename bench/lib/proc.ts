import { readdirSync, readFileSync } from 'node:fs';

/** What Linux counts CPU time in; 100 on every system that Node runs on (sysconf(_SC_CLK_TCK)). */
const ticksPerSecond = 100;
const kibibyte = 1024;

/** Some processes under one name, as in the report. */
export interface ProcessGroup {
  readonly name: string;
  /** With their children, and theirs. */
  readonly pids: readonly number[];
  /** Children that belong to another group. */
  readonly without?: readonly number[];
}

/** What a group has used so far. */
export interface Usage {
  readonly name: string;
  /** Seconds since the processes began, children that have ended included. */
  readonly cpuSeconds: number;
  /** Memory that would come free if the group ended: shared pages count in shares (PSS). */
  readonly pssMegabytes: number;
}

/** The usage of a group of processes now; those that have ended count nothing. */
export function usageOf({ name, pids, without = [] }: ProcessGroup): Usage {
  const members = [...new Set(pids.flatMap((pid) => [pid, ...descendantsOf(pid, without)]))];
  const sum = (measure: (pid: number) => number) => members.reduce((total, pid) => total + measure(pid), 0);
  return {
    name,
    cpuSeconds: sum(cpuTicksOf) / ticksPerSecond,
    pssMegabytes: Math.round((sum(pssOf) / kibibyte) * 10) / 10,
  };
}

/** CPU seconds that all processes of the machine have used. */
export function machineCpuSeconds(): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softIrq = 0] = (
    readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? ''
  )
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + irq + softIrq) / ticksPerSecond;
}

/** Direct children with their command names. */
export function childrenOf(pid: number): { pid: number; command: string }[] {
  return processes()
    .filter(({ parent }) => parent === pid)
    .map(({ pid: child, command }) => ({ pid: child, command }));
}

function descendantsOf(pid: number, without: readonly number[]): number[] {
  const all = processes().filter((one) => !without.includes(one.pid));
  const below = (parent: number): number[] =>
    all.filter((one) => one.parent === parent).flatMap((one) => [one.pid, ...below(one.pid)]);
  return below(pid);
}

function processes(): { pid: number; parent: number; command: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const stat = statOf(Number(name));
      return stat ? [{ pid: Number(name), parent: Number(stat.fields[1]), command: stat.command }] : [];
    });
}

function cpuTicksOf(pid: number): number {
  const fields = statOf(pid)?.fields ?? [];
  // utime, stime, cutime, cstime.
  return [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index] ?? 0), 0);
}

function pssOf(pid: number): number {
  try {
    const found = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'));
    return Number(found?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** `/proc/<pid>/stat`: the command stands in parentheses and may hold anything; the rest follows it. */
function statOf(pid: number): { command: string; fields: string[] } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const end = text.lastIndexOf(')');
    return { command: text.slice(text.indexOf('(') + 1, end), fields: text.slice(end + 2).split(' ') };
  } catch {
    return undefined;
  }
}
