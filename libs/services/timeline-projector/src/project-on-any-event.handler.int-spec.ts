import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { AnyEvent, RequestFailureCode } from '@headrace/contracts';
import { timelineOf } from '@headrace/domain';
import { aCallback, aContext, aGeneration, anAcceptedRequest, anOutput } from '@headrace/domain/testing';
import type { Recorded } from '@headrace/event-log';
import { createDataSource, openDatabase, PostgresSettings } from '@headrace/postgres';
import { ReadModel, readModelSchema } from '@headrace/read-model';
import { startPostgresDatabase, type TestDatabase } from '@headrace/testing';
import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { ProjectOnAnyEventHandler } from './project-on-any-event.handler.js';

const time = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
const project = 'p1';
const target = {
  deliveryId: 'd1',
  endpointId: 'e1',
  url: 'https://example.com/',
  webhookType: 'task.completed' as const,
};
const attempt = { number: 1, startedAt: time(4), durationMs: 9, httpStatus: 200, error: null, responseBody: 'ok' };

let sequence = 0;
const recorded = (channel: string, ...events: AnyEvent[]): Recorded[] =>
  events.map((event) => ({
    ...event,
    id: `id-${++sequence}`,
    address: { project, channel, aggregate: event.type.split('.')[0] ?? '' },
    sequence,
    time: time(sequence),
    traceParent: '',
    causationId: null,
  }));

/** An event-driven request from acceptance to its end, with one delivery. */
const wholeStory = (channel: string): Recorded[] =>
  recorded(
    channel,
    { type: 'request.accepted', data: anAcceptedRequest({ eventName: 'ready' }) },
    {
      type: 'request.generated',
      data: {
        context: aContext({ eventName: 'ready' }),
        generation: aGeneration(),
        output: anOutput(),
        generatedAt: time(2),
        callbackDeadline: time(50),
      },
    },
    {
      type: 'delivery.planned',
      data: { ...target, messageId: 'm', body: '{}', callbackUrl: null, environment: 'live', plannedAt: time(3) },
    },
    { type: 'delivery.succeeded', data: { ...target, attempt } },
    {
      type: 'request.completed',
      data: {
        context: aContext({ eventName: 'ready' }),
        generation: aGeneration(),
        output: anOutput(),
        callback: aCallback(),
        completedAt: time(9),
      },
    },
  );

type CustomerData = ReturnType<typeof aContext>['customerData'];

const accepted = (channel: string, customerData: CustomerData): Recorded[] =>
  recorded(channel, { type: 'request.accepted', data: anAcceptedRequest({ customerData }) });

const nested = (levels: number): CustomerData => {
  let value: CustomerData = {};
  for (let level = 0; level < levels; level += 1) value = { value };
  return value;
};

const failedWith = (
  channel: string,
  usage: ReturnType<typeof aGeneration>['usage'],
  code: RequestFailureCode = 'provider_failed',
): Recorded[] =>
  recorded(channel, {
    type: 'request.failed',
    data: {
      context: aContext(),
      code,
      message: 'It failed.',
      details: {},
      generation: aGeneration({ usage }),
      output: null,
      callback: null,
      failedAt: time(9),
    },
  });

describe('the timeline projector', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let readModel: ReadModel;
  let handler: ProjectOnAnyEventHandler;
  let settings: PostgresSettings;

  beforeAll(async () => {
    database = await startPostgresDatabase();
    settings = Object.assign(new PostgresSettings(), { databaseUrl: database.url });
    dataSource = await openDatabase(settings, [readModelSchema]);
    readModel = new ReadModel(dataSource);
    handler = new ProjectOnAnyEventHandler(readModel);
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });
  beforeEach(() => dataSource.query('TRUNCATE timeline_events, requests, deliveries'));

  it('shows a request with its timeline and deliveries', async () => {
    const events = wholeStory('c1');
    await handler.project(events);
    expect(await readModel.request(project, 'c1')).toMatchObject({
      state: 'completed',
      eventName: 'ready',
      promptTokens: 3,
      generatedAt: time(2),
      endedAt: time(9),
      sequence: events.at(-1)?.sequence,
    });
    expect(timelineOf(await readModel.timeline(project, 'c1'))).toEqual(timelineOf(events));
    expect(await readModel.deliveries(project, 'c1')).toMatchObject([
      { id: 'd1', status: 'success', attempts: 1, httpStatus: 200, plannedAt: time(3) },
    ]);
  });

  it('ends in the same rows whatever the order and number of deliveries of its events', async () => {
    const events = wholeStory('c1');
    await handler.project(events);
    const read = async () => [
      await readModel.request(project, 'c1'),
      await readModel.timeline(project, 'c1'),
      await readModel.deliveries(project, 'c1'),
    ];
    const expected = await read();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.subarray(events, { minLength: 1 }), { maxLength: 4 }),
        fc.shuffledSubarray(events, { minLength: events.length }),
        async (batches, each) => {
          await dataSource.query('TRUNCATE timeline_events, requests, deliveries');
          for (const batch of [...batches, ...each.map((event) => [event])]) await handler.project(batch);
          expect(await read()).toEqual(expected);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('takes the same batch in two processes at once', async () => {
    const events = ['a', 'b', 'c', 'd'].flatMap((channel) => wholeStory(channel));
    await Promise.all([handler.project(events), handler.project(events.toReversed()), handler.project(events)]);
    const { items } = await readModel.listRequests(project, {}, { limit: 10 });
    expect(items).toHaveLength(4);
  });

  it.each([
    ['a NUL', { note: 'a\0b', 'k\0': 1 }],
    ['half a surrogate pair', { note: 'a\ud800b' }],
    ['text that looks like an escape', { note: '\\u0000 \\ud800' }],
    ['quotes and braces', { note: '{"a","b"}\\' }],
  ])('stores customer data with %s', async (_case, customerData) => {
    await handler.project([...accepted('odd', customerData), ...accepted('plain', { a: 1 })]);
    expect(await readModel.request(project, 'odd')).toMatchObject({ state: 'accepted' });
    expect(await readModel.timeline(project, 'odd')).toHaveLength(1);
    expect(await readModel.request(project, 'plain')).toMatchObject({ customerData: { a: 1 } });
  });

  it.each([
    ['that is nested too deep', () => accepted('bad', nested(20_000))],
    ['with a number that fits no column', () => failedWith('bad', { promptTokens: 1e30, completionTokens: 0 })],
  ])('leaves out only the event %s', async (_case, bad) => {
    await handler.project([...accepted('before', {}), ...bad(), ...accepted('after', {})]);
    expect(await readModel.request(project, 'before')).toBeDefined();
    expect(await readModel.request(project, 'bad')).toBeUndefined();
    expect(await readModel.request(project, 'after')).toBeDefined();
  });

  it('fails as a whole while the database is away, so that the batch is delivered again', async () => {
    const away = await createDataSource(settings, [readModelSchema]).initialize();
    await away.destroy();
    await expect(new ProjectOnAnyEventHandler(new ReadModel(away)).project(wholeStory('c1'))).rejects.toThrow();
    expect(await readModel.request(project, 'c1')).toBeUndefined();
  });

  it('does not take the first events of a new log for those of the old', async () => {
    const old = accepted('old', {});
    await handler.project(old);
    const fresh = accepted('new', {}).map((event) => ({ ...event, sequence: old[0]?.sequence ?? 0 }));
    await handler.project(fresh);
    expect(await readModel.timeline(project, 'new')).toHaveLength(1);
  });

  it('tells those that were cancelled from those that failed', async () => {
    await handler.project([...failedWith('failed', null), ...failedWith('cancelled', null, 'cancelled')]);
    const channels = async (filter: Parameters<ReadModel['listRequests']>[1]) =>
      (await readModel.listRequests(project, { states: ['failed'], ...filter }, { limit: 10 })).items.map(
        ({ channel }) => channel,
      );
    expect(await channels({ failureCode: 'cancelled' })).toEqual(['cancelled']);
    expect(await channels({ exceptFailureCode: 'cancelled' })).toEqual(['failed']);
  });

  it('finds requests by what they are, in pages, newest first', async () => {
    const story = (channel: string, second: number, context: Partial<ReturnType<typeof aContext>>) =>
      recorded(channel, {
        type: 'request.accepted',
        data: anAcceptedRequest({ acceptedAt: time(second), ...context }),
      });
    await handler.project([
      ...story('a', 1, { environment: 'test', customerData: { user: 'u1', plan: 'pro' } }),
      ...story('b', 2, { workflow: 'other', customerData: { user: 'u1' } }),
      ...story('c', 2, { eventName: 'ready', customerData: { user: 'u2' } }),
      ...wholeStory('d'),
    ]);
    const channels = async (filter: Parameters<ReadModel['listRequests']>[1]) =>
      (await readModel.listRequests(project, filter, { limit: 10 })).items.map(({ channel }) => channel);
    expect(await channels({})).toEqual(['c', 'b', 'a', 'd']);
    expect(await channels({ environments: ['test', 'pg'] })).toEqual(['a']);
    expect(await channels({ workflow: 'other' })).toEqual(['b']);
    expect(await channels({ eventName: 'ready', states: ['accepted'] })).toEqual(['c']);
    expect(await channels({ customerData: { user: 'u1' }, from: new Date(time(1)) })).toEqual(
      ['b', 'a', 'd'].slice(0, 2),
    );
    expect(await channels({ to: new Date(time(1)) })).toEqual(['d']);
    const first = await readModel.listRequests(project, {}, { limit: 3 });
    const second = await readModel.listRequests(project, {}, { limit: 3, after: first.next ?? undefined });
    expect([...first.items, ...second.items].map(({ channel }) => channel)).toEqual(['c', 'b', 'a', 'd']);
    expect(second.next).toBeNull();
  });
});
