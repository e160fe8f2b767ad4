/**
 * How clients come back when their hub is replaced: real ones are joined to a hub that is told to stop, and come to
 * another one; by the hub's own pace, and without one. See README.md.
 */
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import type { ReturningClient, Returns } from './lib/hub-restart-plan.ts';
import { Part } from './lib/part.ts';
import { printTable, writeResult } from './lib/report.ts';
import { startHub } from './lib/sockets-target.ts';

const { values } = parseArgs({
  options: {
    clients: { type: 'string', default: '2000' },
    pace: { type: 'string', default: '1000,1000000' },
    name: { type: 'string', default: 'hub-restart' },
  },
});
const clients = Number(values.clients);
const sliceMs = 100;
const kinds: readonly ReturningClient[] = ['phoenix', '@headrace/client'];

interface Result {
  readonly client: ReturningClient;
  /** Sockets that the hub closes a second. */
  readonly pace: number;
  /** Load average of the machine when it began: others share it. */
  readonly load: number;
  /** From the signal until the process was gone. */
  readonly endedMs: number;
  readonly connections: number;
  /** Connections that came in the busiest tenth of a second. */
  readonly busiest: number;
  /** From the first client that came back until the last had joined. */
  readonly allJoinedMs: number;
}

const results: Result[] = [];
for (const pace of values.pace.split(',').map(Number))
  for (const client of kinds) results.push(await measure(client, pace));
printTable(
  `${clients} clients, after their hub was told to stop`,
  results.map((result) => ({ ...result })),
);
writeResult(values.name, { scenario: 'hub-restart', clients, sliceMs, results });

async function measure(client: ReturningClient, pace: number): Promise<Result> {
  const [load = 0] = loadavg();
  process.env['HEADRACE_REALTIME_CLOSES_PER_SECOND'] = String(pace);
  // With a log each: who comes to the other one is told nothing, but that it has joined.
  const [first, other] = [await startHub(false), await startHub(false)];
  const part = await Part.start('returning-clients');
  try {
    const topics = (await first.topics(clients)).map(({ topic, channel, query }) => {
      return { topic, channel, token: new URLSearchParams(query).get('token') };
    });
    await part.ask('join', { client, hubPort: portOf(first.url), topics });
    await part.ask('leadTo', portOf(other.url));
    const hub = first.groups[0]?.pids[0] ?? 0;
    const stopped = performance.now();
    process.kill(hub, 'SIGTERM');
    const gone = ended(hub).then(() => performance.now() - stopped);
    const { arrivals, allJoinedMs } = await part.ask<Returns>('returns', clients);
    const rest = { endedMs: await gone, connections: arrivals.length, busiest: busiestOf(arrivals), allJoinedMs };
    const result = { client, pace, load: Math.round(load), ...rest };
    return { ...result, endedMs: Math.round(result.endedMs), allJoinedMs: Math.round(allJoinedMs) };
  } finally {
    part.stop();
    await first.stop();
    await other.stop();
  }
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}

function busiestOf(arrivals: readonly number[]): number {
  const slices = new Map<number, number>();
  for (const at of arrivals) {
    const slice = Math.floor(at / sliceMs);
    slices.set(slice, (slices.get(slice) ?? 0) + 1);
  }
  return Math.max(0, ...slices.values());
}

async function ended(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
