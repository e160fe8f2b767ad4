/** Where the time of a `.cpuprofile` went: by package and by function, self time. Usage: node summarise-profile.ts <file> */
import { readFileSync } from 'node:fs';
import { printTable } from './lib/report.ts';

interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  /** Microseconds since the sample before. */
  readonly timeDeltas: readonly number[];
}

const shown = 30;
const [file] = process.argv.slice(2);
if (!file) throw new Error('Name a .cpuprofile file: node bench/summarise-profile.ts <file>');
const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(file, 'utf8')) as CpuProfile;
const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
const packages = new Map<string, number>();
const functions = new Map<string, number>();
let busy = 0;
samples.forEach((id, index) => {
  const frame = frames.get(id);
  const microseconds = timeDeltas[index] ?? 0;
  if (!frame || frame.functionName === '(idle)') return;
  busy += microseconds;
  add(packages, packageOf(frame.url) ?? frame.functionName, microseconds);
  add(
    functions,
    `${frame.functionName || '(anonymous)'}  ${shortened(frame.url)}:${frame.lineNumber + 1}`,
    microseconds,
  );
});
printTable('By package', top(packages));
printTable('By function', top(functions));

function add(sums: Map<string, number>, name: string, microseconds: number): void {
  sums.set(name, (sums.get(name) ?? 0) + microseconds);
}

function top(sums: ReadonlyMap<string, number>): Record<string, string>[] {
  return [...sums]
    .sort(([, one], [, other]) => other - one)
    .slice(0, shown)
    .map(([name, microseconds]) => ({
      name,
      'self ms': (microseconds / 1_000).toFixed(0),
      share: `${((100 * microseconds) / busy).toFixed(1)} %`,
    }));
}

function packageOf(url: string): string | undefined {
  if (url === '') return undefined;
  const found =
    /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? /.*\/(libs\/.+?|apps\/.+?)\/dist\//.exec(url)?.[1];
  return found ?? url.replace(/^(node:[^/]+).*/, '$1');
}

function shortened(url: string): string {
  return url.replace(/.*\/node_modules\//, '').replace(/.*\/(libs|apps)\//, '$1/');
}
