/** How long the all-in-one process takes to its first served request: on an empty folder, and on one with data. */
import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { BenchSystem, newFolder } from './lib/bench-system.ts';
import { printTable, writeResult } from './lib/report.ts';

const { values } = parseArgs({ options: { starts: { type: 'string', default: '5' } } });
const folder = newFolder();
const milliseconds: number[] = [];
try {
  for (let count = 0; count <= Number(values.starts); count++) milliseconds.push(await startOnce());
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const [first = 0, ...later] = milliseconds;
const sorted = later.toSorted((one, other) => one - other);
const result = { first, secondMedian: sorted[Math.floor(sorted.length / 2)] ?? 0, secondWorst: sorted.at(-1) ?? 0 };
printTable('Milliseconds until ready', [result]);
writeResult('start', { scenario: 'start', ...result, all: milliseconds });

async function startOnce(): Promise<number> {
  const started = performance.now();
  const system = await BenchSystem.start({ mode: 'one', cpuProfile: false, folder });
  const took = Math.round(performance.now() - started);
  await system.stop({ keepData: true });
  return took;
}
