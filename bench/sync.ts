/**
 * What the gateway adds to a provider call: time to the answer and to the first word, calls a second, and many streams
 * at once; beside the provider itself and, where they are given, beside other gateways. See README.md.
 */
import { parseArgs } from 'node:util';
import { BenchSystem } from './lib/bench-system.ts';
import { Part } from './lib/part.ts';
import { usageOf, type ProcessGroup } from './lib/proc.ts';
import { printTable, writeResult } from './lib/report.ts';
import { startLiteLlm, startPortkey, type Peer } from './lib/sync-peers.ts';
import type { ProviderPlan, SyncLoadPlan, SyncLoadReport, Target } from './lib/sync-plan.ts';
import { addUp } from './lib/usage-table.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '8' },
    connections: { type: 'string', default: '32' },
    streams: { type: 'string', default: '1000' },
    litellm: { type: 'string' },
    portkey: { type: 'string' },
    'cpu-prof': { type: 'boolean', default: false },
    only: { type: 'string' },
    name: { type: 'string', default: 'sync' },
  },
});
const seconds = Number(values.seconds);
const connections = Number(values.connections);
const streams = Number(values.streams);
const atOnce: ProviderPlan = { pieces: 20, pieceMs: 0, latencyMs: 0 };
/** A stream of eight seconds, and four seconds to begin them all: then all of them are open at the same time. */
const slowly: ProviderPlan = { pieces: 80, pieceMs: 100, latencyMs: 0 };
const rampMs = 4_000;

/** Somebody to be measured, with the processes that it is made of. */
interface Candidate {
  readonly target: Target;
  readonly groups: readonly ProcessGroup[];
}

const system = await BenchSystem.start({ mode: 'one', cpuProfile: values['cpu-prof'] });
const provider = await Part.start('provider');
const load = await Part.start('sync-load');
const peers: Peer[] = [];
try {
  const providerUrl = `http://127.0.0.1:${await provider.ask<number>('port')}/v1`;
  const direct = { name: 'provider', url: `${providerUrl}/chat/completions`, model: 'bench-model', headers: {} };
  const candidates: Candidate[] = [
    { target: direct, groups: [{ name: 'provider', pids: [provider.pid] }] },
    { target: await headrace(providerUrl), groups: system.groups() },
  ];
  if (values.litellm) peers.push(await startLiteLlm(values.litellm, providerUrl, system.folder));
  if (values.portkey) peers.push(await startPortkey(values.portkey, providerUrl, system.folder));
  for (const { target, pid } of peers) candidates.push({ target, groups: [{ name: target.name, pids: [pid] }] });

  const chosen = candidates.filter(({ target }) => !values.only || values.only.split(',').includes(target.name));
  const one = await compare('One caller, whole answers', chosen, { stream: false, connections: 1 });
  const oneStream = await compare('One caller, streams', chosen, { stream: true, connections: 1 });
  const many = await compare(`${connections} callers, whole answers`, chosen, { stream: false, connections });
  const manyStreams = await compare(`${connections} callers, streams`, chosen, { stream: true, connections });
  await provider.ask('answer', slowly);
  const open = await compare(`${streams} streams of ${(slowly.pieces * slowly.pieceMs) / 1_000} s at once`, chosen, {
    stream: true,
    connections: streams,
    each: 1,
    pauseMs: rampMs,
    seconds: 30,
    pieces: slowly.pieces,
  });
  writeResult(values.name, { scenario: 'sync', one, oneStream, many, manyStreams, open });
} finally {
  load.stop();
  provider.stop();
  for (const peer of peers) await peer.stop();
  await system.stop();
}

async function headrace(providerUrl: string): Promise<Target> {
  await system.call('POST', '/v1/provider-credentials', {
    provider: 'bench',
    api_key: 'sk-bench',
    base_url: providerUrl,
  });
  await system.call('POST', '/v1/workflows', { name: 'bench', provider: 'bench', model: 'bench-model' });
  const headers = { authorization: `Bearer ${system.apiKey}` };
  return { name: 'headrace', url: `${system.url}/v1/chat/completions`, model: 'bench', headers };
}

/** Measures one after the other, each warmed up first. */
async function compare(
  title: string,
  all: readonly Candidate[],
  what: Pick<SyncLoadPlan, 'stream' | 'connections'> & Partial<SyncLoadPlan>,
): Promise<Record<string, SyncLoadReport & { cpuSeconds: number; pssMegabytes: number }>> {
  const results: Record<string, SyncLoadReport & { cpuSeconds: number; pssMegabytes: number }> = {};
  for (const { target, groups } of all) {
    const plan = { seconds, pieces: atOnce.pieces, ...what, target };
    const warmUp = { ...plan, seconds: 2, each: 200, connections: Math.min(plan.connections, 32), pauseMs: 0 };
    await load.ask<SyncLoadReport>('run', warmUp);
    const before = groups.map(usageOf);
    const report = await load.ask<SyncLoadReport>('run', plan);
    const used = addUp(before, groups.map(usageOf));
    const sum = (of: 'cpuSeconds' | 'pssMegabytes') =>
      Math.round(used.reduce((total, one) => total + one[of], 0) * 100) / 100;
    results[target.name] = { ...report, cpuSeconds: sum('cpuSeconds'), pssMegabytes: sum('pssMegabytes') };
    if (Object.keys(report.failures).length > 0) console.log(`${target.name} failed:`, report.failures);
  }
  printTable(
    `${title}: milliseconds`,
    Object.entries(results).map(
      ([name, { whole, firstToken, perSecond, mostAtOnce, answered, cpuSeconds, pssMegabytes }]) => ({
        target: name,
        'a second': perSecond,
        p50: whole.p50,
        p99: whole.p99,
        ...(what.stream ? { 'first p50': firstToken.p50, 'first p99': firstToken.p99 } : {}),
        'at once': mostAtOnce,
        'CPU ms each': Math.round((cpuSeconds * 1e5) / Math.max(1, answered)) / 100,
        'PSS MB': pssMegabytes,
      }),
    ),
  );
  return results;
}
