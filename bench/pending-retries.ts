/**
 * What deliveries cost that wait for a retry: makes many of them at endpoints that refuse connections, stops
 * everything, starts it again, and compares its memory and CPU time while they wait with those of an empty system.
 * See README.md.
 */
import { parseArgs } from 'node:util';
import { BenchSystem, newFolder } from './lib/bench-system.ts';
import { Part } from './lib/part.ts';
import { usageOf, type Usage } from './lib/proc.ts';
import { printTable, writeResult } from './lib/report.ts';
import type { RequestPlan, RequestReport } from './lib/request-plan.ts';
import { addUp } from './lib/usage-table.ts';

const { values } = parseArgs({
  options: {
    deliveries: { type: 'string', default: '100000' },
    'fan-out': { type: 'string', default: '50' },
    seconds: { type: 'string', default: '20' },
  },
});
const wanted = Number(values.deliveries);
const fanOut = Number(values['fan-out']);
const seconds = Number(values.seconds);
/** Nothing listens there. */
const refusing = 'http://127.0.0.1:47999';
const day = 86_400;

const empty = await measured(newFolder());
const folder = newFolder();
const waiting = await makePending(folder);
const pending = await measured(folder);

printTable(
  `With ${waiting} deliveries waiting, ${seconds} s idle`,
  pending.map(({ name, pssMegabytes, cpuSeconds }, index) => ({
    process: name,
    'PSS MB': pssMegabytes,
    'PSS MB, empty': empty[index]?.pssMegabytes ?? 0,
    'CPU s': cpuSeconds,
    'CPU s, empty': empty[index]?.cpuSeconds ?? 0,
  })),
);
const moreMegabytes = Math.round(sum(pending, 'pssMegabytes') - sum(empty, 'pssMegabytes'));
console.log(`\n${moreMegabytes} MB more in all processes.`);
writeResult('pending-retries', { scenario: 'pending-retries', waiting, seconds, empty, pending, moreMegabytes });

function sum(usages: readonly Usage[], of: 'pssMegabytes' | 'cpuSeconds'): number {
  return usages.reduce((total, usage) => total + usage[of], 0);
}

/** Requests to a project all of whose endpoints refuse; resolves when each delivery has failed once and waits. */
async function makePending(dataFolder: string): Promise<number> {
  const system = await BenchSystem.start({ mode: 'one', cpuProfile: false, folder: dataFolder });
  const load = await Part.start('requests');
  try {
    const project = await system.administer<{ api_key: { key: string } }>('POST', '/v1/projects', { name: 'pending' });
    const apiKey = project.api_key.key;
    await system.call('POST', '/v1/workflows', { name: 'bench', provider: 'offline', model: 'offline-1' }, apiKey);
    for (let each = 0; each < fanOut; each += 1) {
      const endpoint = { url: `${refusing}/${each}`, retry: { schedule_seconds: [0, day, day] } };
      await system.call('POST', '/v1/webhooks', endpoint, apiKey);
    }
    const rate = 50;
    const plan: RequestPlan = {
      url: system.url,
      targets: [{ apiKey, workflow: 'bench' }],
      order: [0],
      rate,
      seconds: wanted / fanOut / rate,
      connections: 16,
    };
    const { accepted } = await load.ask<RequestReport>('run', plan);
    await settled(system);
    return accepted * fanOut;
  } finally {
    load.stop();
    await system.stop({ keepData: true });
  }
}

/** Until a second goes by in which next to no CPU time is used. */
async function settled(system: BenchSystem): Promise<void> {
  const used = () => sum(system.groups().map(usageOf), 'cpuSeconds');
  for (let before = used(), quiet = false; !quiet;) {
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const now = used();
    quiet = now - before < 0.1;
    before = now;
  }
}

/** Memory, and CPU time over some idle seconds, of a system started on this folder. */
async function measured(dataFolder: string): Promise<Usage[]> {
  const system = await BenchSystem.start({ mode: 'one', cpuProfile: false, folder: dataFolder });
  try {
    await settled(system);
    const before = system.groups().map(usageOf);
    await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
    return addUp(before, system.groups().map(usageOf));
  } finally {
    await system.stop();
  }
}
