import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventLogUnavailable, type EventLog } from '@headrace/event-log';
import { InMemoryEventLog, InMemorySharedRecords } from '@headrace/event-log/testing';
import { aProject, aWorkflow, projectId, ProjectsInMemory, withKeyOf, type HttpHarness } from '@headrace/http/testing';
import { startGateway } from '../testing/gateway.harness.js';

const otherProject = '0198d6a0-0000-7000-8000-000000000002';
const log = new InMemoryEventLog();
const records = new InMemorySharedRecords();
const projects = new ProjectsInMemory(aProject(), aProject({ id: otherProject }));
const body = { workflow: 'demo', messages: [{ role: 'user', content: 'Hello' }] };
/** Two replicas. */
let one: HttpHarness;
let other: HttpHarness;
let keys = 0;

beforeAll(async () => {
  one = await startGateway(log, projects, undefined, records);
  other = await startGateway(log, projects, undefined, records);
});
afterAll(() => Promise.all([one.close(), other.close()]));

const newKey = () => `key-${(keys += 1)}`;
const ask = (gateway: HttpHarness, key: string, sent: unknown = body, project = projectId, path = '/v1/ai/async') =>
  gateway.ask('POST', path, { body: sent, headers: { ...withKeyOf(project), 'idempotency-key': key } });
const channels = (answers: readonly { body: Record<string, unknown> }[]) =>
  new Set(answers.map((answer) => answer.body['channel_id']));

describe('a request that is repeated with its Idempotency-Key', () => {
  it('is the same request, on any replica and under any alias of the route', async () => {
    const key = newKey();
    const before = log.all.length;
    const first = await ask(one, key);
    const again = [await ask(one, key), await ask(other, key), await ask(other, key, body, projectId, '/api/ai/async')];
    expect(first.headers.has('idempotent-replayed')).toBe(false);
    for (const { status, headers, body: repeated } of again) {
      expect(status).toBe(200);
      expect(headers.get('idempotent-replayed')).toBe('true');
      expect({ ...repeated, ws_token: '' }).toEqual({ ...first.body, ws_token: '' });
    }
    expect(log.all.length).toBe(before + 1);
  });

  it('is one request when both come at the same moment', async () => {
    const key = newKey();
    const before = log.all.length;
    const answers = await Promise.all(Array.from({ length: 10 }, (_, index) => ask(index % 2 ? one : other, key)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(channels(answers).size).toBe(1);
    expect(log.all.length).toBe(before + 1);
  });

  it('is the same whatever the order of the keys in its body', async () => {
    const key = newKey();
    const { messages, workflow } = body;
    expect(channels([await ask(one, key, { messages, workflow }), await ask(one, key, body)]).size).toBe(1);
  });

  it('is what it was, whatever became of its workflow since', async () => {
    const key = newKey();
    const first = await ask(one, key);
    const changed = new ProjectsInMemory(aProject({}, [aWorkflow({ mode: 'testing', cacheFields: ['workflow'] })]));
    const removed = new ProjectsInMemory(aProject({}, []));
    for (const since of [changed, removed]) {
      const later = await startGateway(log, since, undefined, records);
      const { status, body: repeated } = await ask(later, key);
      await later.close();
      expect(status).toBe(200);
      expect({ ...repeated, ws_token: '' }).toEqual({ ...first.body, ws_token: '' });
    }
  });

  it('is taken the second time when the first try was interrupted before it was durable', async () => {
    const key = newKey();
    const dying = new Proxy<EventLog>(log, {
      get: (target, name) =>
        name === 'append'
          ? () => Promise.reject(new EventLogUnavailable('killed'))
          : (Reflect.get(target, name) as unknown),
    });
    const killed = await startGateway(dying, projects, undefined, records);
    expect((await ask(killed, key)).status).toBe(503);
    await killed.close();
    const before = log.all.length;
    expect(channels([await ask(one, key), await ask(other, key)]).size).toBe(1);
    expect(log.all.length).toBe(before + 1);
  });
});

describe('an Idempotency-Key', () => {
  it('is 409 with another body, and the header is named', async () => {
    const key = newKey();
    await ask(one, key);
    const { status, body: answer } = await ask(other, key, { ...body, metadata: { a: 1 } });
    expect(status).toBe(409);
    expect(answer.error).toMatchObject({ code: 'idempotency_key_reused', param: 'Idempotency-Key' });
    expect(answer.message).toContain('Idempotency-Key');
  });

  it('with two bodies at the same moment takes one of them', async () => {
    const key = newKey();
    const before = log.all.length;
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, index) => ask(index % 2 ? one : other, key, { ...body, task_id: index % 2 })),
    );
    expect(channels(answers.filter(({ status }) => status === 200)).size).toBe(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(3);
    expect(log.all.length).toBe(before + 1);
  });

  it('of one project says nothing to another', async () => {
    const key = newKey();
    const answers = [await ask(one, key), await ask(one, key, body, otherProject)];
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(channels(answers).size).toBe(2);
  });

  it('stays free when the request is refused', async () => {
    const key = newKey();
    expect((await ask(one, key, { ...body, workflow: 'nope' })).status).toBe(404);
    expect((await ask(one, key, { messages: [] })).status).toBe(400);
    expect((await ask(one, key)).status).toBe(200);
  });

  it.each([
    ['empty', ' '],
    ['longer than 255 characters', 'x'.repeat(256)],
    ['not ASCII', 'schl\u00fcssel'],
    ['with a tab', 'a\tb'],
  ])('that is %s is 400', async (_, key) => {
    const { status, body: answer } = await ask(one, key);
    expect(status).toBe(400);
    expect(answer.error).toMatchObject({ code: 'invalid_request_error', param: 'Idempotency-Key' });
  });

  it('may be 255 characters long, with spaces and quotes', async () => {
    expect((await ask(one, `"a b"${'x'.repeat(250)}`)).status).toBe(200);
  });
});

describe('requests without an Idempotency-Key', () => {
  it('are never one, and cost no look at the keys', async () => {
    const away = () => Promise.reject(new EventLogUnavailable('away'));
    const gateway = await startGateway(log, projects, undefined, { read: away, write: away });
    const send = () => gateway.ask('POST', '/v1/ai/async', { body, headers: withKeyOf(projectId) });
    const answers = [await send(), await send()];
    await gateway.close();
    expect(channels(answers).size).toBe(2);
  });
});
