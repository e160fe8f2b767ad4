import { HeadraceSettings } from '@headrace/config';
import type { AggregateAddress, AnyEvent, DeliveryEvent, RequestEvent } from '@headrace/contracts';
import { deliverySummaryOf, requestSummaryOf } from '@headrace/domain';
import { createJetStream, JetStreamSettings, type JetStream } from '@headrace/jetstream';
import { openDatabase, PostgresSettings } from '@headrace/postgres';
import { OpenWork, ReadModel, readModelSchema } from '@headrace/read-model';
import { startNats, startPostgresDatabase, waitFor, type TestDatabase, type TestNats } from '@headrace/testing';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { LostDeadLetters } from '../lost/lost-dead-letters.js';
import { LostDeliveries } from '../lost/lost-deliveries.js';
import { LostReminders } from '../lost/lost-reminders.js';
import { LostRequests } from '../lost/lost-requests.js';
import { LostTimers } from '../lost/lost-timers.js';
import { LostTurns } from '../lost/lost-turns.js';
import { ReconcilerSettings } from '../reconciler.config.js';
import { Reconciler } from '../reconciler.js';
import { Reconciliation } from '../reconciliation.js';

export const project = 'p1';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A log and a database that a test's story is in, and reconcilers that run when they are told to. */
export class ReconcilerStage {
  private readonly reconcilers: Reconciler[] = [];

  private constructor(
    readonly nats: TestNats,
    private readonly database: TestDatabase,
    readonly dataSource: DataSource,
    readonly readModel: ReadModel,
    readonly jetStream: JetStream,
  ) {}

  static async start(): Promise<ReconcilerStage> {
    Logger.overrideLogger(false);
    const [nats, database] = await Promise.all([startNats(), startPostgresDatabase()]);
    const settings = Object.assign(new PostgresSettings(), { databaseUrl: database.url });
    const dataSource = await openDatabase(settings, [readModelSchema]);
    const jetStream = await createJetStream({ url: nats.url, name: 'test', settings: new JetStreamSettings() }, quiet);
    return new ReconcilerStage(nats, database, dataSource, new ReadModel(dataSource), jetStream);
  }

  async stop(): Promise<void> {
    await this.jetStream.close();
    await this.dataSource.destroy();
    await Promise.all([this.nats.stop(), this.database.drop()]);
  }

  /** Forgets what was projected, and stops the reconcilers. */
  async clear(): Promise<void> {
    await Promise.all(this.reconcilers.splice(0).map((one) => one.onApplicationShutdown()));
    await this.dataSource.query('TRUNCATE timeline_events, requests, deliveries, dead_letters');
  }

  /** One more process's reconciler. */
  aReconciler(overrides: Partial<ReconcilerSettings> = {}): Reconciler {
    const settings = Object.assign(new ReconcilerSettings(), { marginMs: 0 }, overrides);
    const { eventLog, inspection, timers, deliveryDeadLetters: letters } = this.jetStream;
    const openWork = new OpenWork(this.dataSource);
    const deliveries = new LostDeliveries(eventLog, this.readModel, openWork);
    const reconciliation = new Reconciliation(
      openWork,
      new LostRequests(eventLog, this.readModel, openWork, deliveries),
      deliveries,
      new LostTimers(eventLog, inspection, timers, settings),
      new LostTurns(eventLog, inspection, timers, settings),
      new LostReminders(eventLog, inspection, timers, settings, new HeadraceSettings()),
      new LostDeadLetters(letters, letters, this.readModel),
      settings,
    );
    const reconciler = new Reconciler(inspection, openWork, reconciliation, settings);
    this.reconcilers.push(reconciler);
    return reconciler;
  }

  /** Events of a channel that happened and were projected. */
  async happened(channel: string, ...events: AnyEvent[]): Promise<void> {
    for (const event of events) await this.jetStream.eventLog.append(addressOf(channel, event), event);
    await this.project(channel);
  }

  /** What the projector makes of a channel's events. */
  async project(channel: string): Promise<void> {
    for (const event of await this.jetStream.eventLog.readChannel(project, channel)) {
      const { type, data, sequence, time } = event;
      const place = { project, channel, sequence };
      const told = event as unknown as AnyEvent;
      await this.readModel.write({
        timeline: [{ ...place, type, at: time, data }],
        requests: isOfRequest(told) ? [{ ...place, ...requestSummaryOf(told) }] : [],
        deliveries: isOfDelivery(told) ? [{ ...place, ...deliverySummaryOf(told, time) }] : [],
      });
    }
  }

  /** What the log has of a channel. */
  async inLog(channel: string): Promise<{ type: string; data: unknown }[]> {
    const events = await this.jetStream.eventLog.readChannel(project, channel);
    return events.map(({ type, data }) => ({ type, data }));
  }

  /** NATS dies with its disk and comes back. */
  async loseStore(): Promise<void> {
    await this.nats.kill();
    await waitFor(() => !this.jetStream.connection.isConnected);
    await this.nats.restartEmpty();
    await waitFor(() => this.jetStream.connection.isConnected);
    await this.jetStream.topology.ensure();
  }

  async loseStream(name: string): Promise<void> {
    await (await jetstreamManager(this.jetStream.connection.client)).streams.delete(name);
    await this.jetStream.topology.ensure();
  }

  /** The log no longer has a channel, but is the same. */
  async loseChannel(channel: string): Promise<void> {
    const { streams } = await jetstreamManager(this.jetStream.connection.client);
    await streams.purge('EVENTS', { filter: `evt.${project}.${channel}.>` });
  }

  /** Lets a consumer settle all it has, as its service would have. */
  async settleAll(stream: string, name: string): Promise<void> {
    const consumer = await jetstream(this.jetStream.connection.client).consumers.get(stream, name);
    for await (const message of await consumer.fetch({ max_messages: 100, expires: 1_000 })) {
      await message.ackAck();
      if (message.info.pending === 0) break;
    }
  }
}

/** Where an event of a channel belongs. */
export function addressOf(channel: string, event: AnyEvent): AggregateAddress {
  const [aggregate = ''] = event.type.split('.');
  if (event.type === 'callback.reminded') return { project, channel, aggregate, key: `0-${event.data.number}` };
  return aggregate === 'delivery'
    ? { project, channel, aggregate, key: (event as DeliveryEvent).data.deliveryId }
    : { project, channel, aggregate };
}

const isOfRequest = (event: AnyEvent): event is RequestEvent => event.type.startsWith('request.');

const isOfDelivery = (event: AnyEvent): event is DeliveryEvent => event.type.startsWith('delivery.');
