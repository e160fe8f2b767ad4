import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { RequestPriority } from '@headrace/contracts';
import { openJetStream } from '@headrace/jetstream/testing';
import type { JetStream } from '@headrace/jetstream';
import { ProjectStore, type ProjectConfiguration } from '@headrace/project-store';
import { aBareProject } from '@headrace/project-store/testing';
import { openAiWire } from '@headrace/providers/testing';
import { FakeReceiver, startNats, waitFor, type ReceiverAnswer, type TestNats } from '@headrace/testing';
import { Logger } from '@nestjs/common';
import { jetstreamManager } from '@nats-io/jetstream';
import { randomUUID } from 'node:crypto';
import type { AdmissionSettings } from './admission/admission.settings.js';
import { anAccepted } from './testing/ai-runner.harness.js';
import { runAiRunnerProcess } from './testing/ai-runner-process.js';
import { openai } from './testing/two-providers.js';

/** Every project has credentials for a provider at the same server; its path says whose call it is. */
class AnyProject extends ProjectStore {
  constructor(private readonly url: () => string) {
    super();
  }

  async authenticate(): Promise<undefined> {
    return undefined;
  }

  async project(id: string): Promise<ProjectConfiguration | undefined> {
    const credential = { provider: 'openai', apiKey: 'sk-test', baseUrl: `${this.url()}/${id}` };
    return aBareProject({ id, credentials: new Map([['openai', credential]]) });
  }
}

const patient = { targets: [{ ...openai, timeoutMs: 120_000 }] };

let nats: TestNats;
let server: FakeReceiver;
let jetStream: JetStream;
const stops: (() => Promise<void>)[] = [];

beforeAll(() => {
  Logger.overrideLogger(false);
});
beforeEach(async () => {
  nats = await startNats();
  server = await FakeReceiver.start();
  jetStream = await aConnection();
});
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
  await server.stop();
  await nats.stop();
});

async function aConnection(): Promise<JetStream> {
  const opened = await openJetStream(nats, { settings: { stopTimeoutMs: 100 } });
  stops.push(() => opened.jetStream.close());
  return opened.jetStream;
}

/** A process of the ai-runner; `kill` takes it off the network as a `kill -9` would. */
async function aProcess(admission: Partial<AdmissionSettings> = {}) {
  const own = await aConnection();
  const process = await runAiRunnerProcess(own, new AnyProject(() => server.url), admission);
  stops.unshift(() => process.stop());
  return { kill: () => own.connection.client.close() };
}

/** Accepts so many requests of a project; resolves to their channels. */
async function accept(project: string, count: number, priority?: RequestPriority): Promise<string[]> {
  const channels = Array.from({ length: count }, () => randomUUID());
  const data = anAccepted(patient, priority === undefined ? {} : { priority });
  for (let from = 0; from < count; from += 200) {
    await Promise.all(
      channels.slice(from, from + 200).map((channel) =>
        jetStream.eventLog.append(
          { project, channel, aggregate: 'request' },
          {
            type: 'request.accepted',
            data: { ...data, context: { ...data.context, acceptedAt: new Date().toISOString() } },
          },
          { expectedRevision: 0 },
        ),
      ),
    );
  }
  return channels;
}

const isDone = async (project: string, channel: string): Promise<boolean> =>
  (await jetStream.eventLog.last({ project, channel, aggregate: 'request' }))?.type === 'request.completed';

async function allDone(project: string, channels: readonly string[]): Promise<boolean> {
  const done = await Promise.all(channels.map((channel) => isDone(project, channel)));
  return done.every(Boolean);
}

const callsOf = (project: string): number =>
  server.requests.filter(({ path }) => path.startsWith(`/${project}/`)).length;

async function inLines(): Promise<number> {
  const manager = await jetstreamManager(jetStream.connection.client);
  return (await manager.streams.info('WAITING')).state.messages;
}

const hang = { hang: true } as const;

function heldUntil(gate: Promise<unknown>): ReceiverAnswer {
  const { body = '', ...head } = openAiWire.text('Hi');
  async function* pieces() {
    await gate;
    yield body;
  }
  return { ...head, pieces: pieces() };
}

describe('a project that floods', () => {
  it('with thousands of requests to a provider that hangs does not delay the one request of another', async () => {
    server.answerAlways(({ path }) => (path.startsWith('/flood/') ? hang : openAiWire.text('Hi')));
    await aProcess({ inFlight: 40, waiting: 20 });
    await accept('flood', 3_000);
    const [calm = ''] = await accept('calm', 1);
    await waitFor(() => isDone('calm', calm), {
      what: 'the answer of the calm project',
      timeoutMs: 10_000,
      everyMs: 5,
    });
    // The flood's answers never come, so who waited for one of them would wait still.
    expect(callsOf('flood')).toBeLessThanOrEqual(30);
    // None of the others holds a message: the window is free for whoever comes.
    await waitFor(async () => (await inLines()) >= 2_900, { what: 'the flood waits in its line', timeoutMs: 20_000 });
  }, 60_000);

  it('gets all of its answers in the end, from several processes, and each request one call', async () => {
    server.answerAlways(openAiWire.text('Hi'));
    await aProcess({ inFlight: 20, waiting: 10 });
    await aProcess({ inFlight: 20, waiting: 10 });
    const channels = await accept('flood', 500);
    await waitFor(() => allDone('flood', channels), { what: 'all answers', timeoutMs: 40_000, everyMs: 100 });
    expect(callsOf('flood')).toBe(500);
    await waitFor(async () => (await inLines()) === 0);
  }, 60_000);

  it('has its urgent requests answered before the others that wait', async () => {
    const gate = Promise.withResolvers<undefined>();
    server.answerAlways(() => heldUntil(gate.promise));
    await aProcess({ inFlight: 1, waiting: 0 });
    const usual = await accept('p', 30);
    await waitFor(async () => (await inLines()) === 29);
    const [urgent = ''] = await accept('p', 1, 'high');
    await waitFor(async () => (await inLines()) === 30);
    gate.resolve(undefined);
    await waitFor(() => isDone('p', urgent), { everyMs: 2 });
    expect(await allDone('p', usual)).toBe(false);
    await waitFor(() => allDone('p', usual), { timeoutMs: 20_000 });
  }, 60_000);
});

describe('a process that is killed', () => {
  it('leaves its places and whoever waited to the next one', async () => {
    server.answerAlways(hang);
    const first = await aProcess({ inFlight: 4, waiting: 4 });
    const channels = await accept('p', 100);
    await waitFor(async () => (await inLines()) > 80 && callsOf('p') > 0, { what: 'most wait', timeoutMs: 20_000 });
    await first.kill();
    server.answerAlways(openAiWire.text('Hi'));
    await aProcess({ inFlight: 4, waiting: 4 });
    await waitFor(() => allDone('p', channels), { what: 'all answers', timeoutMs: 40_000, everyMs: 100 });
    await waitFor(async () => (await inLines()) === 0, { timeoutMs: 20_000 });
  }, 90_000);
});
