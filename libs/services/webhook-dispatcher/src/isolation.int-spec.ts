import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { HeadraceSettings } from '@headrace/config';
import { aPlannedDelivery } from '@headrace/domain/testing';
import type { JetStream } from '@headrace/jetstream';
import { openJetStream, runHandlers, type TestProcess } from '@headrace/jetstream/testing';
import { AddressPolicy, OutboundHttp, OutboundHttpSettings } from '@headrace/outbound-http';
import { ProjectStore, type ProjectConfiguration, type WebhookEndpoint } from '@headrace/project-store';
import { aBareProject } from '@headrace/project-store/testing';
import { FakeReceiver, startNats, waitFor, type ReceiverAnswer, type TestNats } from '@headrace/testing';
import { DeliveryAttempts } from './attempt/delivery-attempts.js';
import { EndpointHealth } from './endpoint-health/endpoint-health.js';
import { SwitchOff } from './endpoint-health/switch-off.js';
import { DeliverOnPlannedHandler } from './deliver-on-planned.handler.js';
import { DeliverOnRetryDueHandler } from './deliver-on-retry-due.handler.js';
import type { EndpointGate } from './isolation/endpoint-gate.js';
import { openGate } from './isolation/open-gate.js';
import { ListenerAttempts } from './listen/listener-attempts.js';
import { Lanes } from './order/lanes.js';
import { anEndpoint } from './testing/dispatcher.harness.js';
import { WebhookDispatcherSettings } from './webhook-dispatcher.config.js';

/** Any number of projects, each with endpoints of its own. */
class SeveralProjects extends ProjectStore {
  readonly endpoints = new Map<string, readonly WebhookEndpoint[]>();

  async authenticate(): Promise<undefined> {
    return undefined;
  }

  async project(id: string): Promise<ProjectConfiguration | undefined> {
    const endpoints = this.endpoints.get(id);
    return endpoints && aBareProject({ id, endpoints });
  }
}

describe('endpoints of one dispatcher', () => {
  let nats: TestNats;
  let jetStream: JetStream;
  let receiver: FakeReceiver;
  let outbound: OutboundHttp;
  let gate: EndpointGate;
  let running: TestProcess | undefined;
  let projects: SeveralProjects;

  beforeAll(async () => {
    nats = await startNats();
    ({ jetStream } = await openJetStream(nats, { settings: { stopTimeoutMs: 100 } }));
    const settings = Object.assign(new OutboundHttpSettings(), { allowLoopback: true });
    outbound = new OutboundHttp(new AddressPolicy(settings), settings);
  });
  beforeEach(async () => {
    projects = new SeveralProjects();
    receiver = await FakeReceiver.start();
  });
  afterEach(async () => {
    await running?.stop();
    await receiver.stop();
  });
  afterAll(async () => {
    await outbound.close();
    await jetStream.close();
    await nats.stop();
  });

  /** Endpoints of a project; the path of each names it. */
  function register(project: string, ids: readonly string[], overrides: Partial<WebhookEndpoint> = {}): void {
    const endpoints = ids.map((id) => anEndpoint(`${receiver.url}/${id}`, { id, ...overrides }));
    projects.endpoints.set(project, [...(projects.endpoints.get(project) ?? []), ...endpoints]);
  }

  /** A dispatcher in which no attempt ends by itself while a test runs. */
  async function runDispatcher(settings: Partial<WebhookDispatcherSettings> = {}): Promise<void> {
    const headrace = Object.assign(new HeadraceSettings(), { timeScale: 10 });
    const used = Object.assign(new WebhookDispatcherSettings(), { timeoutMs: 120_000 }, settings);
    const { eventLog, timers, deliveryDeadLetters, listeners: tunnel } = jetStream;
    const lanes = new Lanes(eventLog, timers);
    gate = openGate(used, headrace.timeScale);
    const unchanged = async () => false;
    const endpoints = { disable: unchanged, noteFailing: unchanged, noteHealthy: unchanged };
    const health = new EndpointHealth(endpoints, new SwitchOff(eventLog), headrace, used);
    const ports = [eventLog, timers, deliveryDeadLetters, health, projects, outbound] as const;
    const attempts = new DeliveryAttempts(...ports, gate, headrace, used, lanes);
    const listeners = new ListenerAttempts(eventLog, timers, deliveryDeadLetters, tunnel, headrace, used);
    running = await runHandlers(
      jetStream,
      new DeliverOnPlannedHandler(eventLog, attempts, listeners, lanes),
      new DeliverOnRetryDueHandler(eventLog, attempts, listeners, lanes),
    );
  }

  /** Plans deliveries to endpoints in turn; resolves to their channels. */
  async function plan(project: string, endpointIds: readonly string[], count: number): Promise<string[]> {
    const channels = Array.from({ length: count }, () => randomUUID());
    await Promise.all(
      channels.map((channel, at) => {
        const endpointId = endpointIds[at % endpointIds.length] ?? '';
        const url = `${receiver.url}/${endpointId}`;
        const plannedAt = new Date().toISOString();
        const data = aPlannedDelivery({ deliveryId: `dlv_${channel}`, endpointId, url, plannedAt });
        const address = { project, channel, aggregate: 'delivery', key: data.deliveryId };
        return jetStream.eventLog.append(address, { type: 'delivery.planned', data }, { expectedRevision: 0 });
      }),
    );
    return channels;
  }

  const lastTypes = async (project: string, channels: readonly string[]): Promise<Set<string | undefined>> => {
    const events = await Promise.all(channels.map((channel) => jetStream.eventLog.readChannel(project, channel)));
    return new Set(events.map((all) => all.at(-1)?.type));
  };
  const allArrived = (paths: readonly string[], count: number) =>
    waitFor(() => receiver.requests.filter(({ path }) => paths.includes(path.slice(1))).length >= count, {
      what: `${count} deliveries at ${paths.join(', ')}`,
      timeoutMs: 25_000,
    });
  const allSucceeded = (project: string, channels: readonly string[]) =>
    waitFor(async () => [...(await lastTypes(project, channels))].join() === 'delivery.succeeded', {
      what: 'success of all',
    });

  it('that are healthy get all of theirs while half of the traffic goes to one that hangs', async () => {
    receiver.answerAlways(({ path }) => (path === '/hangs' ? { hang: true } : {}));
    register('p', ['hangs', 'healthy']);
    const hanging = plan('p', ['hangs'], 500);
    const healthy = await plan('p', ['healthy'], 500);
    await runDispatcher();
    await allArrived(['healthy'], 500);
    await allSucceeded('p', healthy);
    // Not a single attempt at the other one has ended, and few were begun.
    expect(await lastTypes('p', await hanging)).toEqual(new Set(['delivery.planned']));
    expect(receiver.requests.filter(({ path }) => path === '/hangs').length).toBeLessThanOrEqual(4);
  });

  it('that are healthy get all of theirs while twenty hang', async () => {
    receiver.answerAlways(({ path }) => (path.startsWith('/hangs') ? { hang: true } : {}));
    const hangs = Array.from({ length: 20 }, (_, at) => `hangs-${at}`);
    register('p', [...hangs, 'healthy']);
    const hanging = await plan('p', hangs, 400);
    const healthy = await plan('p', ['healthy'], 200);
    await runDispatcher();
    await allArrived(['healthy'], 200);
    await allSucceeded('p', healthy);
    expect(await lastTypes('p', hanging)).toEqual(new Set(['delivery.planned']));
    expect(gate.inFlight).toBeLessThanOrEqual(80);
  });

  it.each<[string, ReceiverAnswer]>([
    ['drips its answer', { body: 'x'.repeat(1_000_000), dripMs: 50 }],
    ['resets every connection', { reset: true }],
    ['answers with megabytes', { body: 'x'.repeat(5_000_000) }],
    ['fails every time', { status: 500 }],
    ['asks for fewer requests', { status: 429, headers: { 'retry-after': '3600' } }],
  ])('that are healthy get all of theirs while another one %s', async (_, answer) => {
    receiver.answerAlways(({ path }) => (path === '/bad' ? answer : {}));
    register('p', ['bad', 'healthy']);
    await plan('p', ['bad'], 150);
    const healthy = await plan('p', ['healthy'], 150);
    await runDispatcher();
    await allArrived(['healthy'], 150);
    await allSucceeded('p', healthy);
  });

  it('that fail get no more attempts than it takes to see it', async () => {
    receiver.answerAlways({ status: 500 });
    register('p', ['down']);
    const channels = await plan('p', ['down'], 300);
    await runDispatcher({ circuitFailures: 5 });
    await waitFor(() => gate.openCircuits === 1, { what: 'the circuit is open' });
    const seen = receiver.requests.length;
    expect(seen).toBeLessThan(60);
    receiver.answerAlways({});
    await waitFor(() => gate.openCircuits === 0, { what: 'the circuit is closed', timeoutMs: 20_000 });
    expect((await lastTypes('p', channels)).has('delivery.dead-lettered')).toBe(false);
  });

  it('of a project get theirs while another project sends many times as much', async () => {
    register('flood', ['of-flood']);
    register('calm', ['of-calm']);
    receiver.answerAlways(({ path }) => (path === '/of-flood' ? { hang: true } : {}));
    const flood = await plan('flood', ['of-flood'], 3_000);
    const calm = await plan('calm', ['of-calm'], 20);
    await runDispatcher();
    await allArrived(['of-calm'], 20);
    await allSucceeded('calm', calm);
    expect(await lastTypes('flood', flood.slice(0, 100))).toEqual(new Set(['delivery.planned']));
  });

  it('that are paused get nothing, and what is for them waits', async () => {
    register('p', ['paused'], { paused: true });
    register('p', ['healthy']);
    const paused = await plan('p', ['paused'], 20);
    await plan('p', ['healthy'], 20);
    await runDispatcher();
    await allArrived(['healthy'], 20);
    expect(receiver.requests.some(({ path }) => path === '/paused')).toBe(false);
    expect(await lastTypes('p', paused)).toEqual(new Set(['delivery.planned']));
    projects.endpoints.clear();
    register('p', ['paused']);
    await allArrived(['paused'], 20);
  });
});
