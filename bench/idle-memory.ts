/** Memory of the all-in-one process and its two servers when nothing happens, after a first request. */
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { BenchSystem } from './lib/bench-system.ts';
import { machineCpuSeconds, usageOf } from './lib/proc.ts';
import { printTable, writeResult } from './lib/report.ts';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '30' } } });
const seconds = Number(values.seconds);
const system = await BenchSystem.start({ mode: 'one', cpuProfile: false });
try {
  const messages = [{ role: 'user', content: 'Hello' }];
  await system.call('POST', '/v1/ai/async', { workflow: 'demo', messages });
  const before = system.groups().map(usageOf);
  const machineBefore = machineCpuSeconds();
  await delay(seconds * 1_000);
  const after = system.groups().map(usageOf);
  const processes = after.map((usage, index) => {
    const cpuSeconds = Math.round((usage.cpuSeconds - (before[index]?.cpuSeconds ?? 0)) * 100) / 100;
    return { ...usage, cpuSeconds };
  });
  const totalMegabytes = Math.round(processes.reduce((sum, { pssMegabytes }) => sum + pssMegabytes, 0) * 10) / 10;
  printTable(
    `Idle for ${seconds} s`,
    [...processes, { name: 'together', pssMegabytes: totalMegabytes, cpuSeconds: '' }].map((row) => ({
      process: row.name,
      'PSS MB': row.pssMegabytes,
      'CPU s': row.cpuSeconds,
    })),
  );
  const machineCpu = Math.round((machineCpuSeconds() - machineBefore) * 10) / 10;
  writeResult('idle-memory', {
    scenario: 'idle-memory',
    seconds,
    totalMegabytes,
    processes,
    machineCpuSeconds: machineCpu,
  });
} finally {
  await system.stop();
}
