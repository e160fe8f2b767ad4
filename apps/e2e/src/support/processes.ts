import { readFileSync, readdirSync } from 'node:fs';

/** A running process, told apart from a later one with the same number by when it was started. */
export interface SeenProcess {
  readonly pid: number;
  readonly startedAt: string;
  readonly command: string;
}

/** A process's children, their children and so on. Linux only, where the tests run. */
export function descendantsOf(pid: number): SeenProcess[] {
  const parents = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? statOf(Number(name)) : undefined;
    if (stat) parents.set(stat.parent, [...(parents.get(stat.parent) ?? []), Number(name)]);
  }
  const below = (parent: number): number[] => (parents.get(parent) ?? []).flatMap((child) => [child, ...below(child)]);
  return below(pid).flatMap((child) => {
    const stat = statOf(child);
    return stat ? [{ pid: child, startedAt: stat.startedAt, command: stat.command }] : [];
  });
}

/** Whether a process that was seen still runs. */
export function stillRuns({ pid, startedAt }: SeenProcess): boolean {
  const stat = statOf(pid);
  return stat !== undefined && stat.startedAt === startedAt && stat.state !== 'Z';
}

/** Fields of `/proc/<pid>/stat` (proc(5)); the command is in parentheses and may hold anything. */
function statOf(pid: number) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const end = text.lastIndexOf(')');
    const fields = text.slice(end + 2).split(' ');
    const [state, parent, startedAt = ''] = [fields[0], Number(fields[1]), fields[19]];
    return { command: text.slice(text.indexOf('(') + 1, end), state, parent, startedAt };
  } catch {
    return undefined;
  }
}
