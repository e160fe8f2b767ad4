import { readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { clockMs } from './clock.ts';
import { collectGarbage } from './collect-garbage.ts';
import type { Part } from './part.ts';
import { usageOf, type ProcessGroup, type Usage } from './proc.ts';
import { Samples, type Percentiles } from './samples.ts';
import type { HeardReport, OpenPlan, OpenReport } from './sockets-plan.ts';
import type { BenchTopic, SocketsTarget } from './sockets-target.ts';

/** Sockets that connect at a time. */
const atOnce = 256;
const settleMs = 1_000;
const mostSettles = 12;
const kibibytes = 1_024;
/** How long messages are waited for after the last was sent. */
const drainMs = 10_000;

/** What the sockets that were opened cost while nothing happens. */
export interface OpenResult extends OpenReport {
  readonly perSecond: number;
  /** Kibibytes of the process that holds the sockets, over what it had before, for each of them. */
  readonly kibibytesEach: number;
  /** The same after a garbage collection on both sides: without it, what connecting left behind counts too. */
  readonly liveKibibytesEach: number;
  /** The same of NATS, for the subscriptions. */
  readonly brokerKibibytesEach: number;
  readonly cpuMsEach: number;
}

/** What messages took on their way. */
export interface DeliveryResult {
  readonly milliseconds: Percentiles;
  readonly deliveries: number;
  readonly expected: number;
  readonly bytesEach: number;
  /** CPU microseconds for each delivery of the process that holds the sockets. */
  readonly cpuMicrosecondsEach: number;
}

/** What readers that never read cost. */
export interface SlowResult {
  readonly readers: number;
  readonly closed: number;
  /** Most memory that the server had over what it had before, for each of them. */
  readonly mebibytesEach: number;
  readonly messageBytes: number;
  readonly messages: number;
}

/** Does to one server of sockets what the bench does to each. */
export class SocketsPhases {
  readonly target: SocketsTarget;
  readonly load: Part;
  readonly #inspector: number;
  #resting: readonly Usage[] = [];
  #restingLive: readonly Usage[] = [];

  /** `inspector`: the port that was reserved for it. */
  constructor(target: SocketsTarget, load: Part, inspector: number) {
    this.target = target;
    this.load = load;
    this.#inspector = inspector;
  }

  /** Some sockets that come and go, so that what a process makes once is not counted as theirs. */
  async warmUp(): Promise<void> {
    const topics = await this.target.topics(500);
    await this.#ask(topics);
    for (const topic of topics) this.target.publish(topic, 200);
    await this.load.ask('waitFor', { frames: topics.length, limitMs: drainMs });
    await this.load.ask('cutAll');
    // Once before, so that what an inspector takes is not counted as the sockets'.
    await this.#collected();
    this.#resting = await this.#settled();
    this.#restingLive = await this.#collected();
  }

  /** Opens sockets, beside those that are open, of which there are `before`; and lets them be idle. */
  async open(topics: readonly BenchTopic[], before = 0): Promise<OpenResult> {
    const start = this.target.groups.map(usageOf);
    const report = await this.#ask(topics);
    const cpuMs = (cpuOf(this.target.groups) - (start[0]?.cpuSeconds ?? 0)) * 1_000;
    const settled = await this.#settled();
    const live = await this.#collected();
    const open = before + report.joined;
    const each = (now: readonly Usage[], rest: readonly Usage[], place: number): number =>
      rounded((((now[place]?.pssMegabytes ?? 0) - (rest[place]?.pssMegabytes ?? 0)) * kibibytes) / open);
    return {
      ...report,
      perSecond: Math.round(report.joined / report.tookSeconds),
      kibibytesEach: each(settled, this.#resting, 0),
      liveKibibytesEach: each(live, this.#restingLive, 0),
      brokerKibibytesEach: each(settled, this.#resting, 1),
      cpuMsEach: rounded(cpuMs / topics.length),
    };
  }

  /** One message to each topic, at a rate whatever the server does; each has one socket, in the order of opening. */
  async oneEach(topics: readonly BenchTopic[], rate: number, characters: number): Promise<DeliveryResult> {
    await this.load.ask('heard');
    const before = cpuOf(this.target.groups);
    const sent: number[] = [];
    const started = clockMs();
    while (sent.length < topics.length) {
      while (sent.length < topics.length && (sent.length * 1_000) / rate <= clockMs() - started) {
        const topic = topics[sent.length];
        sent.push(clockMs());
        if (topic) this.target.publish(topic, characters);
      }
      await delay(1);
    }
    await this.load.ask('waitFor', { frames: topics.length, limitMs: drainMs });
    const cpuSeconds = cpuOf(this.target.groups) - before;
    const heard = await this.load.ask<HeardReport>('heard');
    const samples = new Samples();
    sent.forEach((sentAt, index) => add(samples, sentAt, heard.arrivals[index]));
    return deliveryResult(samples, topics.length, heard, cpuSeconds);
  }

  /** Messages to the one topic of all sockets, each after the one before has arrived everywhere. */
  async fanOut(topic: BenchTopic, sockets: number, rounds: number, characters: number): Promise<DeliveryResult> {
    const samples = new Samples();
    const total = { frames: 0, bytes: 0 };
    let cpuSeconds = 0;
    await this.load.ask('heard');
    for (let round = 0; round < rounds; round += 1) {
      await delay(500);
      const before = cpuOf(this.target.groups);
      const sentAt = clockMs();
      this.target.publish(topic, characters);
      // Not asked meanwhile: the load generator has its turn for every frame.
      await delay(700);
      await this.load.ask('waitFor', { frames: sockets, limitMs: drainMs });
      cpuSeconds += cpuOf(this.target.groups) - before;
      const heard = await this.load.ask<HeardReport>('heard');
      for (const arrival of heard.arrivals) add(samples, sentAt, arrival);
      total.frames += heard.frames;
      total.bytes += heard.bytes;
    }
    return deliveryResult(samples, sockets * rounds, total, cpuSeconds);
  }

  /** Readers that never read, on one topic, until the server has closed them or has had every chance to. */
  async neverRead(readers: number, characters: number, messages: number): Promise<SlowResult> {
    const [topic] = await this.target.topics(1);
    if (!topic) throw new Error('There is no topic.');
    const before = (await this.#settled())[0]?.pssMegabytes ?? 0;
    const connections = connectionsOf(this.#first);
    await this.#ask(
      Array.from({ length: readers }, () => topic),
      true,
    );
    let most = before;
    let sent = 0;
    let open = readers;
    for (; sent < messages && open > 0; sent += 1) {
      this.target.publish(topic, characters);
      await delay(40);
      most = Math.max(most, usageOf(this.#first).pssMegabytes);
      open = connectionsOf(this.#first) - connections;
    }
    await this.load.ask('cutAll');
    return {
      readers,
      closed: readers - open,
      mebibytesEach: rounded((most - before) / readers),
      messageBytes: characters,
      messages: sent,
    };
  }

  /** Sockets that the load still has. */
  async stillOpen(): Promise<number> {
    return (await this.load.ask<HeardReport>('heard')).open;
  }

  get #first(): ProcessGroup {
    const [first] = this.target.groups;
    if (!first) throw new Error('The target has no process.');
    return first;
  }

  /** Usage once the memory of the process with the sockets no longer falls. */
  async #settled(): Promise<Usage[]> {
    let usage = this.target.groups.map(usageOf);
    for (let count = 0, still = 0; count < mostSettles && still < 3; count += 1) {
      await delay(settleMs);
      const now = this.target.groups.map(usageOf);
      still = (usage[0]?.pssMegabytes ?? 0) - (now[0]?.pssMegabytes ?? 0) < 1 ? still + 1 : 0;
      usage = now;
    }
    return usage;
  }

  async #collected(): Promise<Usage[]> {
    const [pid] = this.#first.pids;
    if (pid) await collectGarbage(pid, this.#inspector);
    return this.target.groups.map(usageOf);
  }

  #ask(sockets: readonly BenchTopic[], neverRead = false): Promise<OpenReport> {
    const { url, offerDeflate } = this.target;
    const plan: OpenPlan = { url, sockets, atOnce, offerDeflate, neverRead };
    return this.load.ask<OpenReport>('open', plan);
  }
}

function add(samples: Samples, sentAt: number, arrivedAt: number | undefined): void {
  if (arrivedAt) samples.add(arrivedAt - sentAt);
}

function deliveryResult(
  samples: Samples,
  expected: number,
  { frames, bytes }: Pick<HeardReport, 'frames' | 'bytes'>,
  cpuSeconds: number,
): DeliveryResult {
  return {
    milliseconds: samples.percentiles(),
    deliveries: frames,
    expected,
    bytesEach: Math.round(bytes / Math.max(1, frames)),
    cpuMicrosecondsEach: rounded((cpuSeconds * 1e6) / Math.max(1, frames)),
  };
}

/** CPU seconds of the process that holds the sockets. */
const cpuOf = ([first]: readonly ProcessGroup[]): number => (first ? usageOf(first).cpuSeconds : 0);

/** Sockets that a process has open, as the kernel tells: a client that does not read does not see that it was cut. */
function connectionsOf({ pids }: ProcessGroup): number {
  return pids.reduce((sum, pid) => sum + readdirSync(`/proc/${pid}/fd`).length, 0);
}

const rounded = (value: number): number => Math.round(value * 100) / 100;
