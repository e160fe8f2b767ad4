import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HeadraceSettings } from '@headrace/config';
import { randomUUID } from 'node:crypto';
import type { DeliveryEvent, deliveryPlanned } from '@headrace/contracts';
import { deliverySummaryOf } from '@headrace/domain';
import { aFailedAttempt, aPlannedDelivery } from '@headrace/domain/testing';
import { DELIVERY_DEAD_LETTER_READER, EVENT_LOG, type RecordedOf } from '@headrace/event-log';
import { aProject, projectId, ProjectsInMemory, startHttp, withKeyOf, type HttpHarness } from '@headrace/http/testing';
import type { JetStream } from '@headrace/jetstream';
import { openJetStream } from '@headrace/jetstream/testing';
import { openDatabase, PostgresSettings } from '@headrace/postgres';
import { ProjectStore } from '@headrace/project-store';
import { aWebhookEndpoint } from '@headrace/project-store/testing';
import { ReadModel, readModelSchema, ReplayStore } from '@headrace/read-model';
import { startNats, startPostgresDatabase, type TestDatabase, type TestNats } from '@headrace/testing';
import type { DataSource } from 'typeorm';
import { DeliveryModule } from '../delivery.module.js';

describe('dead letters over HTTP, on NATS and Postgres', () => {
  let nats: TestNats;
  let jetStream: JetStream;
  let database: TestDatabase;
  let dataSource: DataSource;
  let readModel: ReadModel;
  let http: HttpHarness;

  beforeAll(async () => {
    nats = await startNats();
    ({ jetStream } = await openJetStream(nats));
    database = await startPostgresDatabase();
    const settings = Object.assign(new PostgresSettings(), { databaseUrl: database.url });
    dataSource = await openDatabase(settings, [readModelSchema]);
    readModel = new ReadModel(dataSource);
    const endpoint = aWebhookEndpoint({ url: 'https://receiver.test/moved' });
    http = await startHttp({
      modules: [DeliveryModule],
      providers: [
        { provide: EVENT_LOG, useValue: jetStream.eventLog },
        { provide: DELIVERY_DEAD_LETTER_READER, useValue: jetStream.deliveryDeadLetters },
        { provide: ReadModel, useValue: readModel },
        { provide: ReplayStore, useValue: new ReplayStore(dataSource) },
        { provide: HeadraceSettings, useValue: new HeadraceSettings() },
        { provide: ProjectStore, useValue: new ProjectsInMemory(aProject({ endpoints: [endpoint] })) },
      ],
    });
  });
  afterAll(async () => {
    await http.close();
    await dataSource.destroy();
    await database.drop();
    await jetStream.close();
    await nats.stop();
  });

  const headers = { authorization: withKeyOf(projectId)['authorization'] ?? '' };
  const ask = (method: string, path: string) => http.ask(method, path, { headers });

  /** What the projector does with a delivery's events. */
  async function project(channel: string, id: string): Promise<void> {
    const events = await jetStream.eventLog.read({ project: projectId, channel, aggregate: 'delivery', key: id });
    const places = events.map(({ sequence }) => ({ project: projectId, channel, sequence }));
    await readModel.write({
      timeline: events.map(({ type, data, time }, index) => ({ ...placeOf(places, index), type, at: time, data })),
      requests: [],
      deliveries: events.map((event, index) => ({
        ...placeOf(places, index),
        ...deliverySummaryOf({ type: event.type, data: event.data } as DeliveryEvent, event.time),
      })),
    });
  }
  const placeOf = <Place>(places: readonly Place[], index: number): Place => {
    const place = places[index];
    if (!place) throw new Error('There is a place for each event.');
    return place;
  };

  /** A delivery that was planned, failed twice and was given up, with the letter kept. */
  async function aDeadLetter(): Promise<{ channel: string; id: string; body: string }> {
    const channel = randomUUID();
    const id = `dlv_${randomUUID()}`;
    const body = JSON.stringify({ type: 'task.completed', text: 'größer ☃ \u0000', big: 1e21 });
    const planned = aPlannedDelivery({ deliveryId: id, body });
    const { deliveryId, endpointId, url, webhookType } = planned;
    const target = { deliveryId, endpointId, url, webhookType };
    const end = { ...target, attempt: aFailedAttempt(2), reason: 'All 2 attempts failed.' };
    const nextAttemptAt = '2026-01-01T00:00:05.000Z';
    const address = { project: projectId, channel, aggregate: 'delivery', key: id };
    const events: DeliveryEvent[] = [
      { type: 'delivery.planned', data: planned },
      { type: 'delivery.attempted', data: { ...target, attempt: aFailedAttempt(1), nextAttemptAt } },
      { type: 'delivery.dead-lettered', data: end },
    ];
    for (const event of events) await jetStream.eventLog.append(address, event);
    const [first] = await jetStream.eventLog.read(address);
    await jetStream.deliveryDeadLetters.keep(first as RecordedOf<typeof deliveryPlanned>, end);
    await project(channel, id);
    return { channel, id, body };
  }

  it('are listed, inspected and replayed under the same message id with the same bytes', async () => {
    const { channel, id, body } = await aDeadLetter();
    const listed = await ask('GET', '/v1/dead-letters?endpoint_id=endpoint-1');
    expect(listed.body['data']).toMatchObject([{ id, channel_id: channel, http_status: 500 }]);
    const shown = await ask('GET', `/v1/dead-letters/${id}`);
    expect(shown.body).toMatchObject({ payload: body, attempts: [{ number: 1 }, { number: 2 }] });

    const replayed = await ask('POST', `/v1/dead-letters/${id}/replay`);
    expect(replayed.status).toBe(201);
    const replay = String(replayed.body['id']);
    await project(channel, replay);
    const events = await jetStream.eventLog.readChannel(projectId, channel);
    const [original, , , again] = events;
    expect(again).toMatchObject({
      type: 'delivery.planned',
      causationId: original?.id,
      data: { deliveryId: replay, replayOf: id, messageId: 'msg_1', body, url: 'https://receiver.test/moved' },
    });
    expect(again?.traceParent.split('-')[1]).toBe(original?.traceParent.split('-')[1]);
    const deliveries = await ask('GET', `/v1/deliveries?channel_id=${channel}`);
    expect(deliveries.body['data']).toMatchObject([
      { id: replay, status: 'planned', replay_of: id, attempts: [] },
      { id, status: 'error', replay_of: null, attempts: [{ number: 1 }, { number: 2 }] },
    ]);
  });

  it('still have their payload when the log has forgotten the delivery', async () => {
    const { channel, id, body } = await aDeadLetter();
    await jetStream.connection.client.request(
      '$JS.API.STREAM.PURGE.EVENTS',
      JSON.stringify({ filter: `evt.${projectId}.${channel}.>` }),
    );
    expect(await jetStream.eventLog.readChannel(projectId, channel)).toEqual([]);
    expect((await ask('GET', `/v1/dead-letters/${id}`)).body).toMatchObject({ payload: body });
    expect((await ask('POST', `/v1/dead-letters/${id}/replay`)).status).toBe(201);
    const [replay] = await jetStream.eventLog.readChannel(projectId, channel);
    expect(replay?.data).toMatchObject({ body, replayOf: id });
  });
});
