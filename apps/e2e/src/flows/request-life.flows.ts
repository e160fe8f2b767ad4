import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { waitFor } from '@headrace/testing';
import { anAsk, type ApiAnswer, type ApiClient } from '../support/api-client.js';
import { Backend } from '../support/backend.js';
import { newProject } from '../support/project.js';
import { testsOn, type Test } from '../support/stage.js';
import { startSystem, type Mode, type System } from '../support/system.js';
import type { AsyncReply } from '../support/wire.js';
import { timeScale } from '../support/workflows.js';

interface RequestList {
  readonly data: readonly { readonly channel_id: string; readonly state: string }[];
}

interface Failure {
  readonly message: string;
  readonly error: { readonly code: string };
}

const once = (key: string) => ({ headers: { 'Idempotency-Key': key } });
const startLimitMs = 90_000;
const limitMs = { timeoutMs: 20_000, everyMs: 50 };

/** How many requests a project has, once the list has those that are known of. */
async function requestsOf(api: ApiClient, known: string): Promise<number> {
  const { data } = await waitFor(
    async () => {
      const list = await api.must<RequestList>('GET', '/v1/requests');
      return list.data.some(({ channel_id: channel }) => channel === known) && list;
    },
    { ...limitMs, what: 'the list shows the request' },
  );
  return data.length;
}

/** Repetition, cancellation, limits, cost and cache, over the public interfaces, on a system of its own. */
export function describeRequestLife(mode: Mode): void {
  describe(`the life of a request in ${mode} ${mode === 'one' ? 'process' : 'processes'}`, () => {
    let system: System;
    beforeAll(async () => {
      const environment = { HEADRACE_BUDGET_REFRESH_MS: '50', HEADRACE_OFFLINE_FAULTS: 'true' };
      system = await startSystem({ mode, timeScale, environment });
    }, startLimitMs);
    afterAll(() => system?.stop(), startLimitMs);

    requestLifeFlows(testsOn(() => system));
  });
}

function requestLifeFlows(test: Test): void {
  describe('an Idempotency-Key', () => {
    test('makes one request of many, also when the process is killed among them', async ({ system }) => {
      const { api } = await newProject(system);
      const body = anAsk({ workflow: 'demo' });
      const send = () => api.call<AsyncReply>('POST', '/v1/ai/async', body, once('order-1'));
      const before = Promise.allSettled(Array.from({ length: 8 }, send));
      await send();
      await system.kill('gateway');
      await system.start();
      const answered = (await before).flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
      const after = await send();
      expect(after.status).toBe(200);
      expect(after.headers.get('idempotent-replayed')).toBe('true');
      const channel = after.body.channel_id;
      // A busy system may not take one; what it says it took is the one request.
      const taken = answered.filter(({ status }) => status === 200);
      expect(answered.filter(({ status }) => status !== 200 && status !== 503)).toEqual([]);
      expect(taken.filter(({ body: { channel_id } }) => channel_id !== channel)).toEqual([]);
      expect(await requestsOf(api, channel)).toBe(1);
      const other = await api.call<Failure>(
        'POST',
        '/v1/ai/async',
        anAsk({ workflow: 'demo', task_id: 't' }),
        once('order-1'),
      );
      expect([other.status, other.body.error.code]).toEqual([409, 'idempotency_key_reused']);
    });

    test('gives a repeated synchronous request the answer of the first, whole or as a stream', async ({ system }) => {
      const { api } = await newProject(system);
      const messages = [{ role: 'user', content: 'Hello' }];
      for (const [path, body] of [
        ['/v1/ai', { workflow: 'demo', messages }],
        ['/v1/chat/completions', { model: 'demo', messages }],
        ['/v1/chat/completions', { model: 'demo', messages, stream: true }],
      ] as const) {
        const key = JSON.stringify([path, 'stream' in body]);
        const first = await api.call('POST', path, body, once(key));
        const second = await api.call('POST', path, body, once(key));
        expect([first.status, second.status]).toEqual([200, 200]);
        expect(second.headers.get('idempotent-replayed')).toBe('true');
        const channelOf = ({ headers }: ApiAnswer) => headers.get('x-modelriver-channel-id');
        expect(channelOf(second)).toBe(channelOf(first));
        if (!('stream' in body)) expect(second.body).toEqual(first.body);
        else expect(String(second.body)).toContain('[DONE]');
      }
      const { data } = await waitFor(
        async () => {
          const list = await api.must<RequestList>('GET', '/v1/requests');
          return list.data.length >= 3 && list;
        },
        { ...limitMs, what: 'the list has the requests' },
      );
      expect(data).toHaveLength(3);
    });

    test('shows a key that is shown once a second time, and makes no second one', async ({ system }) => {
      const { api } = await newProject(system);
      const make = () => api.call<{ id: string; key: string }>('POST', '/v1/api-keys', { name: 'laptop' }, once('k'));
      const first = await make();
      await system.kill('gateway');
      await system.start();
      const second = await make();
      expect(second.body).toEqual(first.body);
      expect(second.body.key).toMatch(/^mr_live_/);
      expect((await api.must<RequestList>('GET', '/v1/api-keys')).data).toHaveLength(2);
    });
  });

  describe('a request that is cancelled', () => {
    test('ends while it is answered: on the socket, by webhook, and where it is looked up', async (stage) => {
      const { api } = await newProject(stage.system);
      const backend = await Backend.start(api);
      stage.atEnd(() => backend.stop());
      const reply = await api.ask({ workflow: 'demo', metadata: { latency_ms: 60_000 } });
      const browser = await stage.browser(reply);
      const channel = reply.channel_id;
      const cancelled = await api.must('POST', `/v1/requests/${channel}/cancel`);
      expect(cancelled).toMatchObject({ status: 'cancelled', channel_id: channel });
      expect(await browser.next()).toMatchObject({ status: 'error', error: { code: 'cancelled' } });
      const webhook = await backend.webhook(channel);
      expect(webhook.json()).toMatchObject({ type: 'task.failed', error: { code: 'cancelled' } });
      expect(await api.request(channel)).toMatchObject({ state: 'cancelled', result: { status: 'error' } });
      expect(await api.must('POST', `/v1/requests/${channel}/cancel`)).toEqual(cancelled);
    });
  });

  describe('a rate limit', () => {
    test('holds over routes from the moment it is set until it is lifted', async ({ system }) => {
      const { api, administrator, id } = await newProject(system);
      const path = `/v1/projects/${id}/rate-limits`;
      await administrator.must('PUT', path, { user: { requests: 2, seconds: 3_600 } });
      const body = anAsk({ workflow: 'demo', user_id: 'u1' });
      const statuses = [];
      for (const route of ['/v1/ai/async', '/v1/ai', '/v1/ai/async']) {
        statuses.push((await api.call('POST', route, body)).status);
      }
      expect(statuses).toEqual([200, 200, 429]);
      const refused = await api.call<Failure>('POST', '/v1/ai', body);
      expect([refused.status, refused.body.error.code]).toEqual([429, 'rate_limit_exceeded']);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(refused.headers.get('ratelimit-policy')).toBe('"user";q=2;w=3600');
      expect((await api.call('POST', '/v1/ai', { ...body, user_id: 'u2' })).status).toBe(200);
      await administrator.must('PUT', path, {});
      expect((await api.call('POST', '/v1/ai', body)).status).toBe(200);
    });
  });

  describe('the cost of a request', () => {
    test('is counted against a budget, which tells and then refuses, also after a kill', async (stage) => {
      const { system } = stage;
      const { api, administrator, id } = await newProject(system, { model: 'dear' });
      const price = { provider: 'offline', model: 'dear', input_usd: 1_000, output_usd: 1_000 };
      await administrator.must('PUT', '/v1/prices', { prices: [price], note: 'A test' });
      const backend = await Backend.start(api, { events: ['headrace.budget.reached'] });
      stage.atEnd(() => backend.stop());
      const answer = await api.must<{ meta: { cost_usd: number } }>(
        'POST',
        '/v1/ai',
        anAsk({ workflow: 'demo', format: 'wrapped' }),
      );
      expect(answer.meta.cost_usd).toBeGreaterThan(0);
      const budget = {
        name: 'tests',
        period: 'month',
        alert_usd: answer.meta.cost_usd / 2,
        limit_usd: answer.meta.cost_usd,
      };
      await administrator.must('PUT', `/v1/projects/${id}/budgets`, { budgets: [budget] });
      const refused = () =>
        waitFor(
          async () => {
            const asked = await api.call<Failure>('POST', '/v1/ai', anAsk({ workflow: 'demo' }));
            return asked.status === 429 && asked;
          },
          { ...limitMs, what: 'the budget is used up' },
        );
      expect((await refused()).body).toMatchObject({ error: { code: 'budget_exceeded' } });
      expect((await refused()).body.message).toContain('"tests"');
      const told = await backend.receiver.next(
        (request) => request.json<{ threshold: string }>().threshold === 'limit',
      );
      expect(told.json()).toMatchObject({ type: 'headrace.budget.reached', budget: 'tests' });
      await system.kill('gateway');
      await system.start();
      await refused();
      const { budgets } = await api.must<{ budgets: unknown[] }>('GET', `/v1/projects/${id}/budgets`);
      expect(budgets).toMatchObject([{ name: 'tests', state: 'used_up' }]);
    });
  });

  describe('the response cache', () => {
    test('gives an equal question the earlier answer, on every route, and says so', async ({ system }) => {
      const { api } = await newProject(system, { cache_seconds: 600 });
      const ask = (body: object = {}) => api.call('POST', '/v1/ai', anAsk({ workflow: 'demo', ...body }));
      const first = await ask();
      expect(first.headers.has('x-modelriver-cache')).toBe(false);
      const second = await waitFor(
        async () => {
          const answer = await ask({ user_id: 'somebody else' });
          return answer.headers.get('x-modelriver-cache') === 'hit' && answer;
        },
        { ...limitMs, what: 'the answer comes from the cache' },
      );
      expect(second.body).toEqual(first.body);
      const { channel_id: channel } = await api.ask({ workflow: 'demo' });
      const ended = await waitFor(
        async () => {
          const request = await api.request(channel);
          return request.state === 'success' && request;
        },
        { ...limitMs, what: 'the asynchronous request ends' },
      );
      expect(ended).toMatchObject({ result: { meta: { cached: true, cost_usd: 0, attempts: [] } } });
      const stream = await ask({ stream: true });
      expect(String(stream.body)).toContain('[DONE]');
      expect(stream.headers.get('content-type')).toContain('text/event-stream');
    });
  });
}
