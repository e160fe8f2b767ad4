import type { Usage } from './proc.ts';
import { printTable } from './report.ts';

/** What was used between two measurements of the same groups. */
export function addUp(before: readonly Usage[], after: readonly Usage[]): Usage[] {
  return after.map((usage, index) => ({
    ...usage,
    cpuSeconds: Math.round((usage.cpuSeconds - (before[index]?.cpuSeconds ?? 0)) * 100) / 100,
  }));
}

/** Prints CPU time and memory of each group, the time also for each of `count` things of a kind. */
export function showUsage(used: readonly Usage[], count: number, kind: string): void {
  printTable(
    'Processes',
    used.map(({ name, cpuSeconds, pssMegabytes }) => ({
      process: name,
      'CPU s': cpuSeconds,
      [`CPU ms a ${kind}`]: ((cpuSeconds * 1_000) / count).toFixed(2),
      'PSS MB': pssMegabytes,
    })),
  );
}
