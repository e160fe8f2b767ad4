import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { waitFor } from '@headrace/testing';
import { anAsk } from '../support/api-client.js';
import { expectNothingLost } from '../support/nothing-lost.js';
import { RequestStream, type Step } from '../support/request-stream.js';
import { testsOn, type Stage, type Test } from '../support/stage.js';
import { startSystem, type Mode, type Service, type System } from '../support/system.js';
import { createWorkflows, timeScale, workflows } from '../support/workflows.js';
import { killedWhileItReplays } from './killed-replay.flows.js';

const startLimitMs = 90_000;
const requests = 30;

/** Which service is killed, and after which step of some requests: there it has work in its hands. */
const crashes: readonly { readonly service: Service; readonly after: Step; readonly when: string }[] = [
  { service: 'gateway', after: 'accepted', when: 'takes requests' },
  { service: 'ai-runner', after: 'accepted', when: 'calls the AI' },
  { service: 'webhook-dispatcher', after: 'webhook', when: 'waits for answers to webhooks' },
  { service: 'callback-service', after: 'calling back', when: 'takes callbacks' },
  { service: 'realtime-hub', after: 'called back', when: 'pushes results' },
];
/** Services that share their work through the log. */
const workers = ['ai-runner', 'webhook-dispatcher', 'timeout-watcher'] as const;
/** One process is all of the services, so only the step counts. */
const stepsOfOne = new Set<Step>(['accepted', 'webhook', 'called back']);

/** `kill -9` of every part, under a stream of requests. */
export function describeCrashes(mode: Mode): void {
  describe(`the system in ${mode} ${mode === 'one' ? 'process' : 'processes'}, killed`, () => {
    let system: System;
    beforeAll(async () => {
      system = await startSystem({ mode, timeScale });
      await createWorkflows(system.api);
    }, startLimitMs);
    afterAll(() => system?.stop(), startLimitMs);

    const test = testsOn(() => system);
    for (const { service, after, when } of crashes) {
      if (mode === 'six') killedInBetween(test, `loses nothing while ${service} ${when}`, service, after);
      else if (stepsOfOne.has(after)) killedInBetween(test, `loses nothing while it ${when}`, service, after);
    }
    // One process is all of the services.
    killedInARound(test, mode === 'one' ? ['ai-runner'] : ['ai-runner', 'callback-service']);
    killedBeforeDeadlines(test);
    killedBeforeReminders(test);
    killedWhileItReplays(test);
    killedNats(test);
    promisesNothing(test);
    stoppedCleanly(test);
    runTwice(test);
  });
}

function killedInBetween(test: Test, sentence: string, service: Service, after: Step): void {
  test(sentence, async (stage) => {
    const { stream, expectAllEnded } = await startStream(stage, workflows.eventDriven, true);
    await stream.reached(after, 8);
    await stage.system.kill(service);
    await stage.system.start();
    await expectAllEnded('completed');
  });
}

/** By then requests are in all of their rounds, with answers and results on their way. */
function killedInARound(test: Test, services: readonly Service[]): void {
  test.each(services)('loses no round of tools while %s is killed', async (service, stage) => {
    const toolRounds = 2;
    const { stream, expectAllEnded } = await startStream(stage, workflows.eventDriven, true, toolRounds);
    await stream.reached('called back', requests);
    await stage.system.kill(service);
    await stage.system.start();
    await expectAllEnded('completed', toolRounds + 1);
  });
}

/** The watcher is away when the windows end; its timers are not. */
function killedBeforeDeadlines(test: Test): void {
  test('times every request out once when timeout-watcher is killed before their deadlines', async (stage) => {
    const { stream, expectAllEnded } = await startStream(stage, workflows.shortWindow, false);
    await stream.reached('webhook', requests / 2);
    await stage.system.kill('timeout-watcher');
    await stage.system.start();
    await expectAllEnded('callback_timeout');
  });
}

/** What is due while nobody is there to remind is told by whoever is there next. */
function killedBeforeReminders(test: Test): void {
  test('reminds a backend although timeout-watcher is killed before it is time to', async (stage) => {
    const backend = await stage.backend();
    const { channel_id: channel } = await stage.api.ask({ workflow: workflows.reminding });
    await backend.webhook(channel, 'task.ai_generated');
    await stage.system.kill('timeout-watcher');
    await stage.system.start();
    const reminder = await backend.webhook(channel, 'task.reminder');
    expect(reminder.json()).toMatchObject({ reminder: { number: 1 } });
    expect((await backend.callback(reminder, { data: {} })).status).toBe(200);
  });
}

function killedNats(test: Test): void {
  test('answers 503 while NATS is away and loses nothing that it took', async (stage) => {
    const { api, system } = stage;
    const { stream, expectAllEnded } = await startStream(stage, workflows.eventDriven, true);
    await stream.reached('webhook', 8);
    await system.nats.kill();
    const refused = await api.call('POST', '/v1/ai/async', {
      workflow: 'demo',
      messages: [{ role: 'user', content: '' }],
    });
    expect(refused).toMatchObject({ status: 503, body: { error: { code: 'service_unavailable' } } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await system.readiness('gateway')).toBe(503);
    await system.nats.restart();
    await system.start();
    await expectAllEnded('completed');
  });
}

/** Whoever would be told that something is durable hears that it is not known to be, and when to come back. */
function promisesNothing(test: Test): void {
  const outages: Record<string, (system: System) => Promise<() => Promise<void>>> = {
    'is away': async ({ nats }) => {
      await nats.kill();
      return () => nats.restart();
    },
    hangs: async ({ nats }) => {
      process.kill(nats.pid, 'SIGSTOP');
      return async () => void process.kill(nats.pid, 'SIGCONT');
    },
  };
  test.each(Object.keys(outages))('answers 503 to requests and callbacks while NATS %s', async (outage, stage) => {
    const { api, system } = stage;
    const backend = await stage.backend();
    const reply = await api.ask({ workflow: workflows.eventDriven });
    const webhook = await backend.webhook(reply.channel_id);
    const end = await outages[outage]?.(system);
    try {
      const refused = await Promise.all([
        api.call('POST', '/v1/ai/async', anAsk({ workflow: 'demo' })),
        backend.callback(webhook, { data: { late: true } }),
      ]);
      for (const { status, body, headers } of refused) {
        expect({ status, body }).toMatchObject({ status: 503, body: { error: { code: 'service_unavailable' } } });
        expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      }
    } finally {
      await end?.();
      await system.start();
    }
    await waitFor(async () => (await backend.callback(webhook, { data: { late: true } })).status === 200, {
      what: 'the callback is taken once NATS is back',
    });
  });
}

/** What a rolling update does: no waiting for anyone to find out that the other one is gone. */
function stoppedCleanly(test: Test): void {
  test('sends nothing twice when webhook-dispatcher is told to stop while it works', async (stage) => {
    const { stream, expectAllEnded, expectOneWebhookEach } = await startStream(stage, workflows.eventDriven, true);
    await stream.reached('webhook', 8);
    expect(await stage.system.kill('webhook-dispatcher', 'SIGTERM')).toEqual({ code: 0, signal: null });
    await stage.system.start();
    await expectAllEnded('completed');
    await expectOneWebhookEach();
  });
}

/** The last test of a system: what it kills stays away. */
function runTwice(test: Test): void {
  test('does nothing twice in two processes, and goes on in one when the other is killed', async (stage) => {
    const { system } = stage;
    for (const service of system.mode === 'one' ? (['gateway'] as const) : workers) await system.addReplica(service);
    const together = await startStream(stage, workflows.eventDriven, true);
    await together.expectAllEnded('completed');
    await together.expectOneWebhookEach();
    await together.backend.stop();

    const alone = await startStream(stage, workflows.eventDriven, true);
    await alone.stream.reached('webhook', 8);
    if (system.mode === 'six') for (const service of workers) await system.kill(service);
    else await system.killReplicas();
    await alone.expectAllEnded('completed');
  });
}

async function startStream(stage: Stage, workflow: string, callsBack: boolean, toolRounds?: number) {
  const backend = await stage.backend();
  const stream = new RequestStream(stage, backend, { workflow, requests, callsBack, toolRounds });
  const expectAllEnded = async (end: 'completed' | 'callback_timeout', answers = 1) => {
    const followed = await stream.followed;
    expect(followed).toHaveLength(requests);
    await expectNothingLost(stage, backend, followed, end, answers);
  };
  // Others may come too: of what an earlier test asked and heard no more than 503 of, which may be durable all the same.
  const expectOneWebhookEach = async () => {
    const channels = (await stream.followed).map(({ reply }) => reply.channel_id);
    expect(channels.map((channel) => backend.webhooksOf(channel).length)).toEqual(channels.map(() => 1));
  };
  return { stream, expectAllEnded, expectOneWebhookEach, backend };
}
