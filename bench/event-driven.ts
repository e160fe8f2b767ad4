/**
 * Event-driven requests at a fixed rate: HTTP in, AI (offline provider), webhook, callback, WebSocket push.
 * See README.md for the options and how to read the numbers.
 */
import { parseArgs } from 'node:util';
import { BenchSystem, type Mode } from './lib/bench-system.ts';
import type { LoadPlan, LoadReport } from './lib/load-plan.ts';
import { Part } from './lib/part.ts';
import { machineCpuSeconds, usageOf, type ProcessGroup, type Usage } from './lib/proc.ts';
import { printTable, writeResult } from './lib/report.ts';
import type { Percentiles } from './lib/samples.ts';
import { addUp, showUsage } from './lib/usage-table.ts';

const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '400' },
    seconds: { type: 'string', default: '60' },
    warmup: { type: 'string', default: '10' },
    mode: { type: 'string', default: 'one' },
    'cpu-prof': { type: 'boolean', default: false },
  },
});
const mode: Mode = values.mode === 'six' ? 'six' : 'one';
const rate = Number(values.rate);
const seconds = Number(values.seconds);

interface ReceiverReport {
  readonly webhooks: number;
  readonly callback: Percentiles;
  readonly failures: Record<string, number>;
}

const system = await BenchSystem.start({ mode, cpuProfile: values['cpu-prof'] });
const receiver = await Part.start('receiver', { BENCH_API_KEY: system.apiKey });
const load = await Part.start('load');
try {
  const port = await receiver.ask<number>('port');
  await system.call('POST', '/v1/webhooks', { url: `http://127.0.0.1:${port}/webhook` });
  const plan: LoadPlan = { url: system.url, apiKey: system.apiKey, workflow: 'demo_event', rate, seconds };
  console.log(`Warming up for ${values.warmup} s, then ${rate} requests a second for ${seconds} s (${mode}).`);
  await load.ask<LoadReport>('run', { ...plan, seconds: Number(values.warmup) });
  await receiver.ask('begin');

  const groups: ProcessGroup[] = [
    ...system.groups(),
    { name: '(receiver)', pids: [receiver.pid] },
    { name: '(load)', pids: [load.pid] },
  ];
  const before = groups.map(usageOf);
  const machineBefore = machineCpuSeconds();
  const report = await load.ask<LoadReport>('run', plan);
  const machineUsed = machineCpuSeconds() - machineBefore;
  const after = groups.map(usageOf);
  show(report, await receiver.ask<ReceiverReport>('report'), addUp(before, after), machineUsed);
} finally {
  load.stop();
  receiver.stop();
  await system.stop();
}

function show(report: LoadReport, received: ReceiverReport, processes: readonly Usage[], machineUsed: number): void {
  const { accept, acceptFromSend, endToEnd, inFlight, tookSeconds } = report;
  const rows = {
    'accepted, from due': accept,
    'accepted, from sent': acceptFromSend,
    'final frame, from due': endToEnd,
  };
  printTable(
    'Times in milliseconds',
    Object.entries({ ...rows, 'callback answered': received.callback }).map(([what, times]) => ({ what, ...times })),
  );
  showUsage(processes, report.sent, 'flow');
  const ours = processes.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
  const othersCpuSeconds = Math.round((machineUsed - ours) * 10) / 10;
  const backlog = backlogOf(inFlight);
  console.log(
    `\nEnded ${report.ended} of ${report.sent} in ${tookSeconds.toFixed(1)} s` +
      ` (${(report.ended / tookSeconds).toFixed(0)} a second). In flight: ${backlog.first} in the first third,` +
      ` ${backlog.last} in the last one, at most ${backlog.max}. Other programs took ${othersCpuSeconds} CPU s.`,
  );
  const failures = { ...report.failures, ...received.failures };
  if (Object.keys(failures).length > 0) console.log('Failures:', failures);
  writeResult(`event-driven-${mode}-${rate}`, {
    scenario: 'event-driven',
    mode,
    rate,
    seconds,
    ...report,
    callback: received.callback,
    webhooks: received.webhooks,
    failures,
    backlog,
    processes,
    othersCpuSeconds,
  });
}

/** Requests under way, on average over the first and the last third of the seconds: a backlog that grows shows. */
function backlogOf(inFlight: readonly number[]): { first: number; last: number; max: number } {
  const third = Math.max(1, Math.floor(inFlight.length / 3));
  const mean = (some: readonly number[]) =>
    Math.round(some.reduce((sum, count) => sum + count, 0) / Math.max(1, some.length));
  return { first: mean(inFlight.slice(0, third)), last: mean(inFlight.slice(-third)), max: Math.max(0, ...inFlight) };
}
