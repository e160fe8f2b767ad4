/**
 * Webhook deliveries of standard requests: HTTP in, AI (offline provider), one webhook for each endpoint.
 * See README.md for the options and how to read the numbers.
 */
import { parseArgs } from 'node:util';
import { BenchSystem, type Mode } from './lib/bench-system.ts';
import { addUp, showUsage } from './lib/usage-table.ts';
import { Part } from './lib/part.ts';
import { machineCpuSeconds, usageOf, type ProcessGroup } from './lib/proc.ts';
import { printTable, writeResult } from './lib/report.ts';
import type { RequestPlan, RequestReport } from './lib/request-plan.ts';
import { Samples } from './lib/samples.ts';

const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '20' },
    warmup: { type: 'string', default: '5' },
    mode: { type: 'string', default: 'one' },
    projects: { type: 'string', default: '1' },
    'fan-out': { type: 'string', default: '1' },
    'workflow-endpoints': { type: 'string', default: '0' },
    hanging: { type: 'string', default: '0' },
    connections: { type: 'string', default: '64' },
    name: { type: 'string' },
    'cpu-prof': { type: 'boolean', default: false },
  },
});
const mode: Mode = values.mode === 'six' ? 'six' : 'one';
const rate = values.rate === 'max' ? null : Number(values.rate);
const seconds = Number(values.seconds);
const projects = Number(values.projects);
const fanOut = Number(values['fan-out']);
/** Endpoints of each project that want one workflow each, in place of those that want everything. */
const workflowEndpoints = Number(values['workflow-endpoints']);
/** Share of the requests whose only endpoint hangs. */
const hanging = Number(values.hanging);
/** Webhooks that a request brings. */
const perRequest = workflowEndpoints > 0 ? 1 : fanOut;
const drainMs = 30_000;

interface EndpointsReport {
  readonly arrivals: readonly (readonly [channel: string, at: number])[];
  readonly bytes: number;
  readonly perPath: Record<string, number>;
}

const system = await BenchSystem.start({ mode, cpuProfile: values['cpu-prof'] });
const endpoints = await Part.start('endpoints');
const load = await Part.start('requests');
try {
  const port = await endpoints.ask<number>('port');
  const { healthyTargets, hangingTargets } = await setUp(`http://127.0.0.1:${port}`);
  const targets = [...healthyTargets, ...hangingTargets];
  const healthy = ({ channels }: RequestReport) => channels.filter(([, target]) => target < healthyTargets.length);
  const plan: RequestPlan = {
    url: system.url,
    targets,
    order: orderOf(healthyTargets.length),
    rate,
    seconds,
    connections: Number(values.connections),
  };
  console.log(`Warming up for ${values.warmup} s, then ${rate ?? 'as many as possible'} a second for ${seconds} s.`);
  const warm = await load.ask<RequestReport>('run', { ...plan, seconds: Number(values.warmup) });
  await arrivalOf(healthy(warm).length * perRequest);
  await endpoints.ask('report');

  const groups: ProcessGroup[] = [
    ...system.groups(),
    { name: '(endpoints)', pids: [endpoints.pid] },
    { name: '(requests)', pids: [load.pid] },
  ];
  const before = groups.map(usageOf);
  const machineBefore = machineCpuSeconds();
  const report = await load.ask<RequestReport>('run', plan);
  await arrivalOf(healthy(report).length * perRequest);
  const machineUsed = machineCpuSeconds() - machineBefore;
  const used = addUp(before, groups.map(usageOf));
  show(report, healthy(report), await endpoints.ask<EndpointsReport>('report'), used, machineUsed);
} finally {
  load.stop();
  endpoints.stop();
  await system.stop();
}

type Target = RequestPlan['targets'][number];

/** Makes the projects with their workflows and endpoints. What hangs is in a project of its own. */
async function setUp(origin: string): Promise<{ healthyTargets: Target[]; hangingTargets: Target[] }> {
  const healthyTargets: Target[][] = [];
  for (let first = 0; first < projects; first += 8) {
    const some = Array.from({ length: Math.min(8, projects - first) }, (_, index) => first + index);
    healthyTargets.push(...(await Promise.all(some.map((index) => setUpProject(`${origin}/ok/${index}`, fanOut)))));
  }
  return {
    healthyTargets: healthyTargets.flat(),
    hangingTargets: hanging > 0 ? await setUpProject(`${origin}/hang/0`, 1) : [],
  };
}

async function setUpProject(url: string, everything: number): Promise<Target[]> {
  const project = await system.administer<{ api_key: { key: string } }>('POST', '/v1/projects', { name: url });
  const apiKey = project.api_key.key;
  const make = (path: string, body: object) => system.call('POST', path, body, apiKey);
  const workflows = Array.from({ length: Math.max(1, workflowEndpoints) }, (_, index) => `bench-${index}`);
  for (const name of workflows) {
    await make('/v1/workflows', { name, provider: 'offline', model: 'offline-1' });
    if (workflowEndpoints > 0) await make('/v1/webhooks', { url: `${url}/${name}`, workflows: [name] });
  }
  if (workflowEndpoints === 0) {
    for (let each = 0; each < everything; each += 1) await make('/v1/webhooks', { url: `${url}/${each}` });
  }
  return workflows.map((workflow) => ({ apiKey, workflow }));
}

/** In which order the targets are asked for: in turn, with the hanging one's share spread evenly. */
function orderOf(healthyTargets: number): number[] {
  if (hanging === 0) return Array.from({ length: healthyTargets }, (_, index) => index);
  let next = 0;
  return Array.from({ length: 100 * healthyTargets }, (_, index) => {
    const hangs = Math.floor((index + 1) * hanging) > Math.floor(index * hanging);
    return hangs ? healthyTargets : next++ % healthyTargets;
  });
}

async function arrivalOf(count: number): Promise<void> {
  const giveUpAt = performance.now() + drainMs;
  while ((await endpoints.ask<number>('arrived')) < count && performance.now() < giveUpAt) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function show(
  report: RequestReport,
  healthy: RequestReport['channels'],
  received: EndpointsReport,
  used: ReturnType<typeof addUp>,
  machineUsed: number,
): void {
  const acceptedAt = new Map(healthy.map(([channel, , at]) => [channel, at]));
  const delivered = new Samples();
  const seen = new Map<string, number>();
  let last = report.startedAt;
  for (const [channel, at] of received.arrivals) {
    const accepted = acceptedAt.get(channel);
    seen.set(channel, (seen.get(channel) ?? 0) + 1);
    last = Math.max(last, at);
    if (accepted !== undefined) delivered.add(Math.max(0, at - accepted));
  }
  const wanted = acceptedAt.size * perRequest;
  const count = delivered.percentiles().count;
  const rates = {
    'requests a second': report.accepted / ((report.endedAt - report.startedAt) / 1_000),
    'deliveries a second': count / ((last - report.startedAt) / 1_000),
  };
  printTable('Times in milliseconds', [
    { what: 'accepted, from due', ...report.fromDue },
    { what: 'accepted, from sent', ...report.fromSent },
    { what: 'accepted to delivered', ...delivered.percentiles() },
  ]);
  showUsage(used, count, 'delivery');
  const ours = used.filter(({ name }) => !name.startsWith('('));
  const cpuSecondsPer1000 = (ours.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0) * 1_000) / count;
  const others = machineUsed - used.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
  const extra = [...seen].reduce(
    (sum, [channel, times]) => sum + (acceptedAt.has(channel) ? times - perRequest : 0),
    0,
  );
  console.log(
    `\nAccepted ${report.accepted} of ${report.sent}; delivered ${count} of ${wanted} (twice: ${extra}).` +
      ` ${rates['requests a second'].toFixed(0)} requests and ${rates['deliveries a second'].toFixed(0)} deliveries a` +
      ` second. CPU s per 1,000 deliveries: ${cpuSecondsPer1000.toFixed(2)}. Other programs took ${others.toFixed(1)} CPU s.`,
  );
  if (Object.keys(report.failures).length > 0) console.log('Failures:', report.failures);
  const { channels: _, ...kept } = report;
  writeResult(values.name ?? `deliveries-${mode}-${rate ?? 'max'}-p${projects}-f${perRequest}-h${hanging}`, {
    scenario: 'deliveries',
    options: values,
    ...kept,
    delivered: delivered.percentiles(),
    wanted,
    ...rates,
    cpuSecondsPer1000,
    processes: used,
    othersCpuSeconds: others,
    hangingAttempts: received.perPath['hang'] ?? 0,
  });
}
