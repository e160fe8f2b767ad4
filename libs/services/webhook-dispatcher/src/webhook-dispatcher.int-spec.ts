import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { HeadraceSettings } from '@headrace/config';
import { deadLettersStream, type deliveryPlanned } from '@headrace/contracts';
import { jetstreamManager } from '@nats-io/jetstream';
import { aContext, aGeneration, anOutput } from '@headrace/domain/testing';
import type { RecordedOf } from '@headrace/event-log';
import { openJetStream, runHandlers, type TestProcess } from '@headrace/jetstream/testing';
import type { JetStream } from '@headrace/jetstream';
import { AddressPolicy, OutboundHttp, OutboundHttpSettings } from '@headrace/outbound-http';
import { FakeReceiver, startNats, waitFor, type TestNats } from '@headrace/testing';
import { DeliveryAttempts } from './attempt/delivery-attempts.js';
import { DeliverOnPlannedHandler } from './deliver-on-planned.handler.js';
import { DeliverOnRetryDueHandler } from './deliver-on-retry-due.handler.js';
import { DeliverOnTurnHandler } from './deliver-on-turn.handler.js';
import { EndpointHealth } from './endpoint-health/endpoint-health.js';
import { SwitchOff } from './endpoint-health/switch-off.js';
import { openGate } from './isolation/open-gate.js';
import { ListenerAttempts } from './listen/listener-attempts.js';
import { Lanes } from './order/lanes.js';
import { PlanOnRequestDecidedHandler } from './plan-on-request-decided.handler.js';
import { anEndpoint, FixedProjectStore, projectId } from './testing/dispatcher.harness.js';
import { WebhookDispatcherSettings } from './webhook-dispatcher.config.js';

describe('the webhook dispatcher on NATS', () => {
  let nats: TestNats;
  let jetStream: JetStream;
  let receiver: FakeReceiver;
  let outbound: OutboundHttp;
  let running: TestProcess[] = [];
  const projects = new FixedProjectStore([]);

  beforeAll(async () => {
    nats = await startNats();
    ({ jetStream } = await openJetStream(nats, { settings: { stopTimeoutMs: 300 } }));
    receiver = await FakeReceiver.start();
    const settings = Object.assign(new OutboundHttpSettings(), { allowLoopback: true });
    outbound = new OutboundHttp(new AddressPolicy(settings), settings);
    projects.endpoints = [anEndpoint(`${receiver.url}/hook`)];
  });
  afterEach(async () => {
    await Promise.all(running.map((process) => process.stop()));
    running = [];
    receiver.reset();
  });
  afterAll(async () => {
    await outbound.close();
    await receiver.stop();
    await jetStream.close();
    await nats.stop();
  });

  /** A process of the dispatcher in which a second of the retry schedule lasts 10 ms. */
  async function runDispatcher(settings: Partial<WebhookDispatcherSettings> = {}): Promise<void> {
    const headrace = Object.assign(new HeadraceSettings(), { timeScale: 100 });
    const dispatcher = Object.assign(new WebhookDispatcherSettings(), { timeoutMs: 2_000 }, settings);
    const { eventLog, timers, deliveryDeadLetters } = jetStream;
    const gate = openGate(dispatcher, headrace.timeScale);
    const unchanged = async () => false;
    const endpoints = { disable: unchanged, noteFailing: unchanged, noteHealthy: unchanged };
    const health = new EndpointHealth(endpoints, new SwitchOff(eventLog), headrace, dispatcher);
    const lanes = new Lanes(eventLog, timers);
    const ports = [eventLog, timers, deliveryDeadLetters, health, projects, outbound] as const;
    const attempts = new DeliveryAttempts(...ports, gate, headrace, dispatcher, lanes);
    const { listeners: tunnel } = jetStream;
    const listeners = new ListenerAttempts(eventLog, timers, deliveryDeadLetters, tunnel, headrace, dispatcher);
    running.push(
      await runHandlers(
        jetStream,
        new PlanOnRequestDecidedHandler(eventLog, projects, headrace, tunnel, lanes),
        new DeliverOnPlannedHandler(eventLog, attempts, listeners, lanes),
        new DeliverOnTurnHandler(eventLog, lanes, attempts),
        new DeliverOnRetryDueHandler(eventLog, attempts, listeners, lanes),
      ),
    );
  }

  /** Ends a request well; its webhook follows. */
  async function completeRequest(): Promise<string> {
    const channel = randomUUID();
    const data = {
      context: aContext(),
      generation: aGeneration(),
      output: anOutput(),
      callback: null,
      completedAt: '',
    };
    await jetStream.eventLog.append(
      { project: projectId, channel, aggregate: 'request' },
      { type: 'request.completed', data },
    );
    return channel;
  }

  const isFor = (channel: string) => (request: { readonly headers: Record<string, unknown> }) =>
    request.headers['mr-channel-id'] === channel;

  async function typesOf(channel: string): Promise<string[]> {
    const events = await jetStream.eventLog.readChannel(projectId, channel);
    return events.map(({ type }) => type);
  }

  const ended = (channel: string, end: string) =>
    waitFor(async () => (await typesOf(channel)).at(-1) === end, { what: `${end} of ${channel}` });

  it('delivers, and tries again with the same bytes when a timer fires', async () => {
    receiver.answerNext({ status: 500 });
    await runDispatcher();
    const channel = await completeRequest();
    const first = await receiver.next(isFor(channel));
    const second = await receiver.next(isFor(channel));
    await ended(channel, 'delivery.succeeded');
    expect(second.body.equals(first.body)).toBe(true);
    expect(second.headers['webhook-id']).toBe(first.headers['webhook-id']);
    expect([first, second].map(({ headers }) => headers['mr-attempt'])).toEqual(['1', '2']);
    expect(await typesOf(channel)).toEqual([
      'request.completed',
      'delivery.planned',
      'delivery.attempted',
      'delivery.succeeded',
    ]);
  });

  it('keeps a payload that the endpoint will not take in the dead-letter queue', async () => {
    receiver.answerAlways({ status: 410 });
    await runDispatcher();
    const channel = await completeRequest();
    const { body } = await receiver.next(isFor(channel));
    await ended(channel, 'delivery.dead-lettered');
    const { streams } = await jetstreamManager(jetStream.connection.client);
    const letter = await waitFor(() =>
      streams.getMessage(deadLettersStream.name, { last_by_subj: `dlq.delivery.*.*.${channel}.*` }),
    );
    expect(letter.string()).toContain(JSON.stringify(body.toString()).slice(1, -1));
  });

  it('delivers a replay like any other, with the message id and bytes of the first', async () => {
    receiver.answerAlways({ status: 410 });
    await runDispatcher();
    const channel = await completeRequest();
    const first = await receiver.next(isFor(channel));
    await ended(channel, 'delivery.dead-lettered');
    receiver.reset();
    receiver.answerNext({ status: 500 });
    const events = await jetStream.eventLog.readChannel(projectId, channel);
    const planned = events.find(({ type }) => type === 'delivery.planned') as RecordedOf<typeof deliveryPlanned>;
    const { deliveryId: replayOf } = planned.data;
    await jetStream.eventLog.append(
      { ...planned.address, key: 'dlv_again' },
      { type: 'delivery.planned', data: { ...planned.data, deliveryId: 'dlv_again', replayOf } },
      { expectedRevision: 0, cause: planned },
    );
    const failed = await receiver.next(isFor(channel));
    const taken = await receiver.next(isFor(channel));
    await ended(channel, 'delivery.succeeded');
    for (const { headers, body } of [failed, taken]) {
      expect(body.equals(first.body)).toBe(true);
      expect(headers['webhook-id']).toBe(first.headers['webhook-id']);
      expect(headers['mr-delivery-id']).toBe('dlv_again');
    }
    expect([failed, taken].map(({ headers }) => headers['mr-attempt'])).toEqual(['1', '2']);
  });

  it('delivers each webhook once however many processes run', async () => {
    await Promise.all([runDispatcher(), runDispatcher(), runDispatcher()]);
    const channels = await Promise.all(Array.from({ length: 100 }, completeRequest));
    await Promise.all(channels.map((channel) => ended(channel, 'delivery.succeeded')));
    const seen = receiver.requests.map(({ headers }) => headers['mr-channel-id']);
    expect(seen.sort()).toEqual(channels.sort());
  });

  it('takes over, after a restart, what a process had begun', async () => {
    receiver.answerNext({ hang: true });
    await runDispatcher({ timeoutMs: 60_000 });
    const channel = await completeRequest();
    await receiver.next(isFor(channel));
    const [first] = running.splice(0);
    await Promise.all([first?.stop(), runDispatcher()]);
    await ended(channel, 'delivery.succeeded');
    expect(receiver.requests.filter(isFor(channel))).toHaveLength(2);
  });

  it('delivers to others while one endpoint hangs', async () => {
    receiver.answerAlways(({ path }) => (path === '/hangs' ? { hang: true } : {}));
    projects.endpoints = [
      anEndpoint(`${receiver.url}/hangs`, { id: 'hangs' }),
      anEndpoint(`${receiver.url}/hook`, { id: 'healthy' }),
    ];
    await runDispatcher({ inFlightPerEndpoint: 8, waitMs: 500, timeoutMs: 60_000 });
    const channels = await Promise.all(Array.from({ length: 50 }, completeRequest));
    for (const channel of channels) {
      await receiver.next((request) => request.path === '/hook' && isFor(channel)(request));
    }
    expect(receiver.requests.filter(({ path }) => path === '/hangs').length).toBeLessThanOrEqual(8);
    projects.endpoints = [anEndpoint(`${receiver.url}/hook`)];
  });
});
