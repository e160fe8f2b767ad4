import { randomUUID } from 'node:crypto';
import type { DataOf, DeliveryEvent, deliveryPlanned } from '@headrace/contracts';
import { deliverySummaryOf } from '@headrace/domain';
import { aFailedAttempt, aGoodAttempt, aPlannedDelivery } from '@headrace/domain/testing';
import type { EventLog, Recorded, RecordedOf } from '@headrace/event-log';
import { aProject, projectId, ProjectsInMemory } from '@headrace/http/testing';
import { openJetStream, type TestJetStream } from '@headrace/jetstream/testing';
import { openDatabase, PostgresSettings } from '@headrace/postgres';
import type { ProjectConfiguration } from '@headrace/project-store';
import { aWebhookEndpoint } from '@headrace/project-store/testing';
import {
  ReadModel,
  readModelSchema,
  ReplayStore,
  ReplayWork,
  type NewReplay,
  type ReplayRow,
} from '@headrace/read-model';
import { startNats, startPostgresDatabase } from '@headrace/testing';
import { Logger } from '@nestjs/common';
import { ReplayPlanner } from '../replays/replay-planner.js';
import { ReplayRunner } from '../replays/replay-runner.js';

/** A dead letter of the tests' project. */
export interface Letter {
  readonly id: string;
  readonly channel: string;
  readonly planned: DataOf<typeof deliveryPlanned>;
}

/** Replays on a NATS and a Postgres of their own, without anything that runs by itself. */
export class ReplayHarness {
  private constructor(
    readonly jetStream: TestJetStream['jetStream'],
    readonly readModel: ReadModel,
    readonly store: ReplayStore,
    readonly work: ReplayWork,
    readonly close: () => Promise<void>,
  ) {}

  static async start(): Promise<ReplayHarness> {
    Logger.overrideLogger(false);
    const nats = await startNats();
    const { jetStream } = await openJetStream(nats);
    const database = await startPostgresDatabase();
    const settings = Object.assign(new PostgresSettings(), { databaseUrl: database.url });
    const dataSource = await openDatabase(settings, [readModelSchema]);
    const close = async () => {
      await dataSource.destroy();
      await database.drop();
      await jetStream.close();
      await nats.stop();
    };
    const parts = [new ReadModel(dataSource), new ReplayStore(dataSource), new ReplayWork(dataSource)] as const;
    return new ReplayHarness(jetStream, ...parts, close);
  }

  /** A worker as a process has one, with projects and a log of the test's choice. */
  worker({ log = this.jetStream.eventLog, project = replayProject() }: WorkerParts = {}): Worker {
    const projects = new ProjectsInMemory(...(project ? [project] : []));
    const planner = new ReplayPlanner(log, this.jetStream.deliveryDeadLetters, projects, this.work);
    return { planner, runner: new ReplayRunner(this.work, planner) };
  }

  /** Deliveries that were given up, all to one endpoint, kept and projected. */
  async letters(count: number, endpointId = 'endpoint-1'): Promise<Letter[]> {
    return Promise.all(Array.from({ length: count }, () => this.letter(endpointId)));
  }

  /** A replay of these letters. */
  replay(letters: readonly Letter[], more: Partial<NewReplay> = {}): Promise<ReplayRow> {
    return this.store.create({
      id: `rpl_${randomUUID()}`,
      project: projectId,
      ratePerSecond: 1_000,
      toEndpointId: null,
      includeReplayed: false,
      selection: { ids: letters.map(({ id }) => id) },
      ...more,
    });
  }

  /** A replay as it stands. */
  async stand(replay: Pick<ReplayRow, 'id'>): Promise<ReplayRow> {
    const row = await this.store.find(replay.id);
    if (!row) throw new Error('The replay is gone.');
    return row;
  }

  /** What was planned of a letter beside its own delivery. */
  async replaysOf({ channel, id }: Letter): Promise<RecordedOf<typeof deliveryPlanned>[]> {
    const events = await this.jetStream.eventLog.readChannel(projectId, channel);
    return events
      .filter((event): event is RecordedOf<typeof deliveryPlanned> => event.type === 'delivery.planned')
      .filter(({ data }) => data.deliveryId !== id);
  }

  /** Ends what was planned of a letter, as the dispatcher does, and projects it. */
  async end(letter: Letter, status: 'success' | 'error'): Promise<Letter[]> {
    const replays = await this.replaysOf(letter);
    for (const replay of replays) await this.endOne(replay, status);
    return replays.map(({ data }) => ({ id: data.deliveryId, channel: letter.channel, planned: data }));
  }

  private async letter(endpointId: string): Promise<Letter> {
    const channel = randomUUID();
    const id = `dlv_${randomUUID()}`;
    const body = JSON.stringify({ type: 'task.completed', text: 'größer ☃ \u0000', channel });
    const planned = aPlannedDelivery({ deliveryId: id, endpointId, messageId: `msg_${id}`, body });
    const address = { project: projectId, channel, aggregate: 'delivery', key: id };
    await this.jetStream.eventLog.append(address, { type: 'delivery.planned', data: planned });
    const [first] = await this.jetStream.eventLog.read(address);
    await this.endOne(first as RecordedOf<typeof deliveryPlanned>, 'error');
    return { id, channel, planned };
  }

  private async endOne(planned: RecordedOf<typeof deliveryPlanned>, status: 'success' | 'error'): Promise<void> {
    const { deliveryId, endpointId, url, webhookType } = planned.data;
    const target = { deliveryId, endpointId, url, webhookType };
    if (status === 'success') {
      const data = { ...target, attempt: aGoodAttempt() };
      await this.jetStream.eventLog.append(planned.address, { type: 'delivery.succeeded', data });
    } else {
      const data = { ...target, attempt: aFailedAttempt(8), reason: 'All 8 attempts failed.' };
      await this.jetStream.eventLog.append(planned.address, { type: 'delivery.dead-lettered', data });
      await this.jetStream.deliveryDeadLetters.keep(planned, data);
    }
    await this.project(await this.jetStream.eventLog.read(planned.address));
  }

  /** What the projector does with deliveries' events. */
  async project(events: readonly Recorded[]): Promise<void> {
    const deliveries = events.map(({ address, sequence, time, type, data }) => ({
      ...{ project: address.project, channel: address.channel, sequence },
      ...deliverySummaryOf({ type, data } as DeliveryEvent, time),
    }));
    await this.readModel.write({ timeline: [], requests: [], deliveries });
  }
}

/** The project of the letters, with two endpoints. */
export const replayProject = (overrides: Partial<ProjectConfiguration> = {}): ProjectConfiguration => {
  const endpoints = ['endpoint-1', 'endpoint-2'].map((id) => aWebhookEndpoint({ id, url: `https://${id}.test/` }));
  return aProject({ endpoints, ...overrides });
};

interface WorkerParts {
  readonly log?: EventLog;
  /** Undefined: as usual; null: there is none. */
  readonly project?: ProjectConfiguration | null;
}

interface Worker {
  readonly planner: ReplayPlanner;
  readonly runner: ReplayRunner;
}
