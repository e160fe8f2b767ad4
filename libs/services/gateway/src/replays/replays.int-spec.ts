import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HeadraceSettings } from '@headrace/config';
import { DELIVERY_DEAD_LETTER_READER, EVENT_LOG } from '@headrace/event-log';
import { InMemoryEventLog } from '@headrace/event-log/testing';
import { aProject, projectId, ProjectsInMemory, startHttp, withKeyOf, type HttpHarness } from '@headrace/http/testing';
import { openDatabase, PostgresSettings } from '@headrace/postgres';
import { ProjectStore } from '@headrace/project-store';
import { ReadModel, readModelSchema, ReplayStore } from '@headrace/read-model';
import { startPostgresDatabase, type TestDatabase } from '@headrace/testing';
import type { DataSource } from 'typeorm';
import { DeliveryModule } from '../delivery.module.js';

const otherProject = '0198d6a0-0000-7000-8000-000000000002';

describe('replays over HTTP, on Postgres', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let http: HttpHarness;

  beforeAll(async () => {
    database = await startPostgresDatabase();
    const settings = Object.assign(new PostgresSettings(), { databaseUrl: database.url });
    dataSource = await openDatabase(settings, [readModelSchema]);
    const readModel = new ReadModel(dataSource);
    http = await startHttp({
      modules: [DeliveryModule],
      providers: [
        { provide: EVENT_LOG, useValue: new InMemoryEventLog() },
        { provide: DELIVERY_DEAD_LETTER_READER, useValue: {} },
        { provide: ReadModel, useValue: readModel },
        { provide: ReplayStore, useValue: new ReplayStore(dataSource) },
        { provide: HeadraceSettings, useValue: new HeadraceSettings() },
        { provide: ProjectStore, useValue: new ProjectsInMemory(aProject(), aProject({ id: otherProject })) },
      ],
    });
    await readModel.write({
      timeline: [],
      requests: [],
      deliveries: [
        ...['l1', 'l2', 'l3'].map((id, index) => aGivenUpDelivery(id, projectId, index)),
        aGivenUpDelivery('theirs', otherProject, 9),
      ],
    });
  });
  afterAll(async () => {
    await http.close();
    await dataSource.destroy();
    await database.drop();
  });

  const ask = (method: string, path: string, body?: unknown, project = projectId) =>
    http.ask(method, `/v1${path}`, {
      ...(body === undefined ? {} : { body }),
      headers: { authorization: withKeyOf(project)['authorization'] ?? '' },
    });
  const make = async (): Promise<string> =>
    String((await ask('POST', '/dead-letters/replay', { all: true })).body['id']);

  it('are made of what a filter finds, and only of what is the project’s own', async () => {
    const found = await ask('POST', '/dead-letters/replay', { endpoint_id: 'endpoint-l1' });
    expect(found.body).toMatchObject({ status: 'running', total: 1 });
    expect((await ask('POST', '/dead-letters/replay', { all: true })).body).toMatchObject({ total: 3 });
    const none = await ask('POST', '/dead-letters/replay', { type: 'task.failed' });
    expect(none.body).toMatchObject({ status: 'completed', total: 0, finished_at: expect.any(String) });
    const foreign = await ask('POST', '/dead-letters/replay', { ids: ['l1', 'theirs'] });
    expect([foreign.status, foreign.body.error.param]).toEqual([400, 'ids.1']);
    expect((await ask('POST', '/dead-letters/replay', { ids: ['l1', 'l2', 'l1'] })).body).toMatchObject({ total: 2 });
  });

  it('are shown to their project alone', async () => {
    const id = await make();
    expect((await ask('GET', `/replays/${id}`)).body).toMatchObject({ id, total: 3, planned: 0, pending: 0 });
    expect((await ask('GET', `/replays/${id}`, undefined, otherProject)).status).toBe(403);
    expect((await ask('POST', `/replays/${id}/cancel`, undefined, otherProject)).status).toBe(403);
    expect((await ask('GET', '/replays/rpl_none')).status).toBe(404);
    expect((await ask('GET', '/replays/%00')).status).toBe(404);
  });

  it('are listed newest first, in pages', async () => {
    const ids = [await make(), await make()].reverse();
    const first = await ask('GET', '/replays?limit=1');
    const second = await ask('GET', `/replays?limit=1&cursor=${String(first.body['next_cursor'])}`);
    expect([first, second].map(({ body }) => body['data'])).toMatchObject(ids.map((id) => [{ id }]));
    expect((await ask('GET', '/replays?cursor=no')).body.error.param).toBe('cursor');
  });

  it('are paused, resumed and cancelled; twice is no error, and what has ended stays so', async () => {
    const id = await make();
    const told = async (command: string) => {
      const { status, body } = await ask('POST', `/replays/${id}/${command}`);
      return [status, body['status'] ?? body.error.code];
    };
    expect(await told('pause')).toEqual([200, 'paused']);
    expect(await told('pause')).toEqual([200, 'paused']);
    expect(await told('resume')).toEqual([200, 'running']);
    expect(await told('cancel')).toEqual([200, 'cancelled']);
    expect(await told('cancel')).toEqual([200, 'cancelled']);
    expect(await told('resume')).toEqual([409, 'replay_ended']);
    expect((await ask('GET', `/replays/${id}`)).body).toMatchObject({ finished_at: expect.any(String) });
  });

  it('take another rate while they go on', async () => {
    const id = await make();
    expect((await ask('PATCH', `/replays/${id}`, { rate_per_second: 5 })).body).toMatchObject({ rate_per_second: 5 });
    const wrong = await ask('PATCH', `/replays/${id}`, { rate_per_second: 5_000 });
    expect([wrong.status, wrong.body.error.param]).toEqual([400, 'rate_per_second']);
    await ask('POST', `/replays/${id}/cancel`);
    expect((await ask('PATCH', `/replays/${id}`, { rate_per_second: 5 })).body.error.code).toBe('replay_ended');
  });
});

const aGivenUpDelivery = (id: string, project: string, sequence: number) => ({
  ...{ project, channel: 'c1', sequence, id, endpointId: `endpoint-${id}`, url: 'https://receiver.test/' },
  ...{ type: 'task.completed', status: 'error', attempts: 8, httpStatus: 500, error: 'It broke.' },
  ...{ nextAttemptAt: null, plannedAt: null, endedAt: new Date().toISOString(), replayOf: null },
});
