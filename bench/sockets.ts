/**
 * What sockets cost: memory each, connects and joins a second, one message to many and to each, readers that never
 * read, and many parked ones; the realtime hub beside a server of bare `ws` that does the same. See README.md.
 */
import { loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { reserveInspector } from './lib/collect-garbage.ts';
import { Part } from './lib/part.ts';
import { printTable, writeResult } from './lib/report.ts';
import { SocketsPhases, type DeliveryResult, type OpenResult, type SlowResult } from './lib/sockets-phases.ts';
import { startBare, startHub, type SocketsTarget } from './lib/sockets-target.ts';

const { values } = parseArgs({
  options: {
    sockets: { type: 'string', default: '10000' },
    parked: { type: 'string', default: '19000' },
    rate: { type: 'string', default: '500' },
    rounds: { type: 'string', default: '5' },
    characters: { type: 'string', default: '200' },
    'cpu-prof': { type: 'boolean', default: false },
    only: { type: 'string', default: 'headrace,ws' },
    phases: { type: 'string', default: 'each,parked,fan-out,never-read' },
    name: { type: 'string', default: 'sockets' },
  },
});
const sockets = Number(values.sockets);
const parked = Number(values.parked);
const characters = Number(values.characters);
const neverRead = { readers: 20, characters: 64 * 1024, messages: 250 };
const phases = values.phases.split(',');

/** What one server of sockets did. */
interface Result {
  /** Load average of the machine when it began and when it ended: others share it. */
  readonly load: readonly [number, number];
  readonly idle: OpenResult;
  readonly each?: DeliveryResult;
  readonly parked?: OpenResult & { readonly stillOpen: number };
  readonly fanOut?: DeliveryResult;
  readonly neverRead?: SlowResult;
}

const starts: Record<string, () => Promise<SocketsTarget>> = {
  headrace: () => startHub(values['cpu-prof']),
  ws: () => startBare(false),
  deflate: () => startBare(true),
};
const inspector = await reserveInspector();
const results: Record<string, Result> = {};
for (const name of values.only.split(',')) {
  const start = starts[name];
  if (!start) throw new Error(`There is no ${name} to measure: ${Object.keys(starts).join(', ')}.`);
  results[name] = await measure(await start());
  console.log(JSON.stringify(results[name]));
}
show(results);
writeResult(values.name, { scenario: 'sockets', sockets, parked, rate: Number(values.rate), characters, results });

async function measure(target: SocketsTarget): Promise<Result> {
  const load = await Part.start('sockets-load');
  const of = new SocketsPhases(target, load, inspector);
  const [loadBefore = 0] = loadavg();
  try {
    await of.warmUp();
    const topics = await target.topics(sockets);
    const idle = await of.open(topics);
    const each = phases.includes('each') ? await of.oneEach(topics, Number(values.rate), characters) : undefined;
    const held = phases.includes('parked') ? await park(of, target) : undefined;
    await load.ask('cutAll');
    const fanOut = phases.includes('fan-out') ? await fan(of, target) : undefined;
    const { readers, messages } = neverRead;
    const slow = phases.includes('never-read')
      ? await of.neverRead(readers, neverRead.characters, messages)
      : undefined;
    const [loadAfter = 0] = loadavg();
    return { load: [loadBefore, loadAfter], idle, each, parked: held, fanOut, neverRead: slow };
  } finally {
    load.stop();
    await target.stop();
  }
}

async function park(of: SocketsPhases, target: SocketsTarget): Promise<Result['parked']> {
  const more = await of.open(await target.topics(parked - sockets), sockets);
  await delay(2_000);
  return { ...more, stillOpen: await of.stillOpen() };
}

async function fan(of: SocketsPhases, target: SocketsTarget): Promise<DeliveryResult | undefined> {
  const [topic] = await target.topics(1);
  if (!topic) return undefined;
  await of.open(Array.from({ length: sockets }, () => topic));
  const result = await of.fanOut(topic, sockets, Number(values.rounds), characters);
  await of.load.ask('cutAll');
  return result;
}

function show(all: Record<string, Result>): void {
  const columns = Object.keys(all);
  const row = (what: string, tell: (result: Result) => number | undefined): Record<string, string | number> => {
    const told = columns.map((name) => all[name] && tell(all[name]));
    const [first, second] = told;
    const ratio = first && second ? (first / second).toFixed(2) : '';
    return {
      what,
      ...Object.fromEntries(columns.map((name, index) => [name, told[index] ?? ''])),
      [`${columns[0]} to ${columns[1] ?? ''}`]: ratio,
    };
  };
  printTable(`${sockets} sockets`, [
    row('idle, KiB each', ({ idle }) => idle.kibibytesEach),
    row('the same after a collection', ({ idle }) => idle.liveKibibytesEach),
    row('idle, KiB each in NATS', ({ idle }) => idle.brokerKibibytesEach),
    row('connect and join, a second', ({ idle }) => idle.perSecond),
    row('connect and join, CPU ms each', ({ idle }) => idle.cpuMsEach),
    row(`one to each at ${values.rate} a second, p50 ms`, ({ each }) => each?.milliseconds.p50),
    row('p99 ms', ({ each }) => each?.milliseconds.p99),
    row('CPU µs each', ({ each }) => each?.cpuMicrosecondsEach),
    row('one to all, p50 ms', ({ fanOut }) => fanOut?.milliseconds.p50),
    row('one to all, p99 ms', ({ fanOut }) => fanOut?.milliseconds.p99),
    row('one to all, CPU µs a delivery', ({ fanOut }) => fanOut?.cpuMicrosecondsEach),
    row(`parked: still open of ${parked}`, (result) => result.parked?.stillOpen),
    row('parked, KiB each', (result) => result.parked?.kibibytesEach),
    row('the same after a collection', (result) => result.parked?.liveKibibytesEach),
    row('never reads: closed of 20', (result) => result.neverRead?.closed),
    row('never reads, MiB each', (result) => result.neverRead?.mebibytesEach),
    row('load average at the end', ({ load }) => load[1]),
  ]);
}
