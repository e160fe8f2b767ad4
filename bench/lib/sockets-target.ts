import { randomUUID } from 'node:crypto';
import { channelTopic, type GenerationSummary, type RequestContext } from '@headrace/contracts';
import { createJetStream, JetStreamSettings, type JetStream } from '@headrace/jetstream';
import { ChannelTokens } from '@headrace/secrets';
import { benchMasterKey, BenchSystem, hubHeap } from './bench-system.ts';
import { Part } from './part.ts';
import type { ProcessGroup } from './proc.ts';
import type { SocketPlan } from './sockets-plan.ts';

/** A topic of the bench. */
export interface BenchTopic extends SocketPlan {
  readonly project: string;
  readonly channel: string;
}

/** A server of sockets that is measured. */
export interface SocketsTarget {
  readonly name: string;
  readonly url: string;
  /** Its processes; the first one holds the sockets. */
  readonly groups: readonly ProcessGroup[];
  readonly offerDeflate: boolean;
  /** Topics that clients may join and wait on. */
  topics(count: number): Promise<BenchTopic[]>;
  /** Sends one message with a text of so many characters to everybody on a topic. */
  publish(topic: BenchTopic, characters: number): void;
  stop(): Promise<void>;
}

const tokenLifetimeSeconds = 3_600;
const appendsAtOnce = 256;
const at = new Date().toISOString();

/** The realtime hub in a process of its own, with a real NATS: its messages are events that the bench stores. */
export async function startHub(cpuProfile: boolean): Promise<SocketsTarget> {
  const system = await BenchSystem.start({ mode: 'six', only: ['realtime-hub'], cpuProfile });
  const log = { info: () => undefined, warn: console.warn, error: console.error };
  const options = { url: system.natsUrl, name: 'bench', settings: new JetStreamSettings() };
  const jetStream = await createJetStream(options, log);
  const tokens = new ChannelTokens(benchMasterKey, tokenLifetimeSeconds);
  return {
    name: 'headrace',
    url: `${system.url.replace('http', 'ws')}/socket`,
    groups: system.groups(),
    offerDeflate: false,
    async topics(count) {
      const topics = await Promise.all(Array.from({ length: count }, () => aTopic(tokens)));
      await acceptRequests(jetStream, topics);
      return topics;
    },
    publish({ project, channel }, characters) {
      // Of what the event holds, clients are told the customer's own data.
      const told = { ...context, customerData: { text: 'x'.repeat(characters) } };
      const data = { context: told, generation, output, generatedAt: at, callbackDeadline: at };
      const address = { project, channel, aggregate: 'request' };
      void jetStream.eventLog.append(address, { type: 'request.generated', data }).catch(console.error);
    },
    async stop() {
      await jetStream.close();
      await system.stop();
    },
  };
}

/** A server of bare `ws`, which is told its messages directly. */
export async function startBare(deflate: boolean): Promise<SocketsTarget> {
  const NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ''} ${hubHeap}`;
  const part = await Part.start('bare-sockets', { BARE_DEFLATE: String(deflate), NODE_OPTIONS });
  return {
    name: deflate ? 'ws with deflate' : 'ws',
    url: `ws://127.0.0.1:${await part.ask<number>('port')}`,
    groups: [{ name: 'ws', pids: [part.pid] }],
    offerDeflate: deflate,
    topics: (count) => Promise.resolve(Array.from({ length: count }, () => ({ ...ids(), query: 'vsn=2.0.0' }))),
    publish({ topic, channel }, characters) {
      const payload = { channel_id: channel, status: 'ai_generated', text: 'x'.repeat(characters), meta: generation };
      void part.ask('publish', { topic, payload }).catch(console.error);
    },
    stop() {
      part.stop();
      return Promise.resolve();
    },
  };
}

/** The topics belong to these in turn: many clients wait for requests of few projects. */
const projects = Array.from({ length: 10 }, () => randomUUID());
let made = 0;

function ids(): { project: string; channel: string; topic: string } {
  const [project = '', channel] = [projects[made++ % projects.length], randomUUID()];
  return { project, channel, topic: channelTopic(project, channel) };
}

async function aTopic(tokens: ChannelTokens): Promise<BenchTopic> {
  const one = ids();
  const token = await tokens.mint(one.project, one.channel, new Date());
  return { ...one, query: `token=${token}&vsn=2.0.0` };
}

/** As after `POST /v1/ai/async`: the AI is not done, and clients wait. */
async function acceptRequests({ eventLog }: JetStream, topics: readonly BenchTopic[]): Promise<void> {
  let next = 0;
  const acceptOneByOne = async (): Promise<void> => {
    for (let topic = topics[next++]; topic; topic = topics[next++]) {
      const { project, channel } = topic;
      const data = { context, plan, messages: [{ role: 'user', content: 'hello' }] };
      await eventLog.append({ project, channel, aggregate: 'request' }, { type: 'request.accepted', data });
    }
  };
  await Promise.all(Array.from({ length: appendsAtOnce }, acceptOneByOne));
}

const context: RequestContext = {
  workflow: 'demo_event',
  eventName: 'demo_ready',
  customerData: { user_id: 'u1' },
  environment: 'live',
  testMode: false,
  acceptedAt: at,
  callbackWindowMs: 300_000,
  webhookUrl: null,
};

const output = { data: { title: 'A title' }, content: null };

const plan = {
  targets: [{ provider: 'offline', model: 'any', timeoutMs: 1_000 }],
  systemInstructions: null,
  structuredOutput: null,
  parameters: {},
  offlineFallback: false,
  testDelayMs: 0,
};

const generation: GenerationSummary = {
  requestedProvider: 'offline',
  requestedModel: 'any',
  usedProvider: 'offline',
  usedModel: 'any',
  durationMs: 5,
  httpStatus: 200,
  usage: null,
  costUsd: null,
  structuredOutput: false,
  offlineFallback: false,
  attempts: [],
};
