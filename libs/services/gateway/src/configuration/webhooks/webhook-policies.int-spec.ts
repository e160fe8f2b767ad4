import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startConfigurationApi, type Ask, type ConfigurationApi } from '../testing/configuration.harness.js';

const url = 'https://hooks.example.com/x';
const policies = {
  description: 'Large orders',
  events: ['task.completed'],
  workflows: ['orders'],
  event_names: ['order_ready', 'order_changed'],
  payload_filter: { 'data.total': { $gte: 100 }, $not: { 'data.test': true } },
  retry: { schedule_seconds: [0, 1, 60] },
  max_in_flight: 5,
  rate_limit_per_second: 0.1,
  fifo_key: 'customer_data.user_id',
};
const defaults = {
  description: null,
  events: null,
  workflows: null,
  event_names: null,
  payload_filter: null,
  headers: {},
  retry: null,
  max_in_flight: null,
  rate_limit_per_second: null,
  fifo_key: null,
};

describe('the policies of webhooks', () => {
  let api: ConfigurationApi;
  let ask: Ask;
  let projectId: string;

  beforeAll(async () => {
    api = await startConfigurationApi();
  });
  afterAll(() => api.close());
  beforeEach(async () => {
    ({ ask, projectId } = await api.aProject());
  });

  const make = async (fields: object = {}): Promise<string> => {
    const { status, body } = await ask('POST', '/v1/webhooks', { url, ...fields });
    expect(status).toBe(201);
    return (body as unknown as { id: string }).id;
  };
  const loaded = async () => (await api.process.store.project(projectId))?.endpoints[0];

  it('are none where nothing is said', async () => {
    const id = await make();
    expect((await ask('GET', `/v1/webhooks/${id}`)).body).toMatchObject({ ...defaults, status: 'active' });
  });

  it('are shown as they were made, and reach those who deliver', async () => {
    const id = await make({ ...policies, headers: { Authorization: 'Bearer 0123456789abcdef', 'X-Team': 'a' } });
    const shown = { ...policies, headers: { Authorization: '••••cdef', 'X-Team': '••••' } };
    expect((await ask('GET', `/v1/webhooks/${id}`)).body).toMatchObject(shown);
    expect(await loaded()).toMatchObject({
      events: policies.events,
      filter: {
        workflows: policies.workflows,
        eventNames: policies.event_names,
        payload: policies.payload_filter,
      },
      headers: { Authorization: 'Bearer 0123456789abcdef', 'X-Team': 'a' },
      retry: { scheduleSeconds: [0, 1, 60] },
      maxInFlight: 5,
      rateLimitPerSecond: 0.1,
      fifoKey: 'customer_data.user_id',
    });
  });

  it('are changed one at a time: what is left out stays, null takes it back', async () => {
    const id = await make(policies);
    const retry = { attempts: 3, initial_seconds: 1, factor: 2, max_seconds: 10 };
    const { status, body } = await ask('PATCH', `/v1/webhooks/${id}`, { retry, workflows: null });
    expect(status).toBe(200);
    expect(body).toMatchObject({ ...policies, retry, workflows: null });
    expect((await ask('PATCH', `/v1/webhooks/${id}`, { ...defaults, headers: null })).body).toMatchObject(defaults);
    expect(await loaded()).toMatchObject({ retry: null, filter: { payload: null }, fifoKey: null });
  });

  it('keep headers encrypted, and replace all of them at once', async () => {
    const id = await make({ headers: { Authorization: 'Bearer 0123456789abcdef' } });
    const rows: unknown = await api.process.dataSource.query('SELECT row_to_json(e)::text FROM webhook_endpoints e');
    expect(JSON.stringify(rows)).not.toContain('0123456789abcdef');
    await ask('PATCH', `/v1/webhooks/${id}`, { description: 'same headers' });
    expect((await loaded())?.headers).toEqual({ Authorization: 'Bearer 0123456789abcdef' });
    await ask('PATCH', `/v1/webhooks/${id}`, { headers: { 'X-Other': 'v' } });
    expect((await loaded())?.headers).toEqual({ 'X-Other': 'v' });
  });

  it('show an endpoint whose headers can no longer be read, so that new ones can be set', async () => {
    const id = await make({ headers: { 'X-A': 'v' } });
    await api.process.dataSource.query(`UPDATE webhook_endpoints SET headers = 'v1.other-key' WHERE id = $1`, [id]);
    expect((await ask('GET', `/v1/webhooks/${id}`)).body).toMatchObject({ id, headers: {} });
  });

  it.each<[string, object, string]>([
    ['both forms of a retry policy', { retry: { schedule_seconds: [0], attempts: 3 } }, 'retry'],
    [
      'a retry policy that shrinks',
      { retry: { attempts: 3, initial_seconds: 1, factor: 0, max_seconds: 9 } },
      'retry.factor',
    ],
    ['no attempt in flight', { max_in_flight: 0 }, 'max_in_flight'],
    ['half an attempt in flight', { max_in_flight: 1.5 }, 'max_in_flight'],
    ['too many attempts in flight', { max_in_flight: 1_001 }, 'max_in_flight'],
    ['a rate of nothing', { rate_limit_per_second: 0 }, 'rate_limit_per_second'],
    ['a rate that is too fine', { rate_limit_per_second: 0.015 }, 'rate_limit_per_second'],
    ['a rate that is a text', { rate_limit_per_second: '5' }, 'rate_limit_per_second'],
    ['an unknown type', { events: ['task.started'] }, 'events'],
    ['no workflow', { workflows: [] }, 'workflows'],
    ['a workflow without a name', { workflows: [' '] }, 'workflows'],
    ['event names that are no list', { event_names: 'ready' }, 'event_names'],
    ['an unknown operator', { payload_filter: { 'data.total': { $foo: 1 } } }, 'payload_filter.data.total.$foo'],
    ['a filter without conditions', { payload_filter: {} }, 'payload_filter'],
    ['a filter that is a list', { payload_filter: [] }, 'payload_filter'],
    ['a header of ours', { headers: { 'Webhook-Signature': 'v1,x' } }, 'headers.Webhook-Signature'],
    ['a header with a line end', { headers: { 'X-A': 'a\r\nb' } }, 'headers.X-A'],
    ['headers that are a text', { headers: 'X-A: b' }, 'headers'],
    ['a key that is no path', { fifo_key: 'data..id' }, 'fifo_key'],
    ['a key that is no text', { fifo_key: 5 }, 'fifo_key'],
  ])('refuse %s, when made and when changed', async (_case, fields, param) => {
    const made = await ask('POST', '/v1/webhooks', { url, ...fields });
    expect([made.status, made.body.error.param]).toEqual([400, param]);
    const id = await make();
    const changed = await ask('PATCH', `/v1/webhooks/${id}`, fields);
    expect([changed.status, changed.body.error.param]).toEqual([400, param]);
    expect(changed.body.message).toContain(param.split('.')[0]);
    expect((await ask('GET', `/v1/webhooks/${id}`)).body).toMatchObject(defaults);
  });

  it('list the types there are when one is unknown', async () => {
    const { body } = await ask('POST', '/v1/webhooks', { url, events: ['task.started'] });
    for (const type of ['task.completed', 'task.ai_generated', 'task.failed']) expect(body.message).toContain(type);
  });
});
