import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../results', import.meta.url));

/** What the numbers were measured on. */
export const machine = () => ({
  cpus: cpus().length,
  model: cpus()[0]?.model ?? 'unknown',
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
});

/** Prints rows under a title, in columns. */
export function printTable(title: string, rows: readonly Record<string, string | number>[]): void {
  const [first] = rows;
  if (!first) return;
  const columns = Object.keys(first);
  const width = (column: string) => Math.max(column.length, ...rows.map((row) => String(row[column]).length));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, index) =>
        index === 0 ? cell.padEnd(width(columns[0] ?? '')) : cell.padStart(width(columns[index] ?? '')),
      )
      .join('  ');
  console.log(`\n${title}\n${line(columns)}`);
  for (const row of rows) console.log(line(columns.map((column) => String(row[column]))));
}

/** Writes a result beside those of other benches, in the place of an earlier one of the same name. */
export function writeResult(name: string, result: object): void {
  const file = join(folder, `${name}.json`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(
    file,
    `${JSON.stringify({ measuredAt: new Date().toISOString(), machine: machine(), ...result }, null, 2)}\n`,
  );
  console.log(`\nWritten to bench/results/${name}.json`);
}
