import { afterEach, describe, expect, it } from '@jest/globals';
import type { Budget, WebhookType } from '@headrace/contracts';
import { InMemoryEventLog } from '@headrace/event-log/testing';
import { aProject, projectId, ProjectsInMemory, withKeyOf, type HttpHarness } from '@headrace/http/testing';
import { aWebhookEndpoint } from '@headrace/project-store/testing';
import type { Spent } from '@headrace/read-model';
import { startGateway } from '../testing/gateway.harness.js';

const aBudget = (overrides: Partial<Budget> = {}): Budget => ({
  name: 'monthly',
  period: 'month',
  keyId: null,
  alertUsd: null,
  limitUsd: null,
  ...overrides,
});
const events = (...types: WebhookType[]) => types;
const body = { workflow: 'demo', messages: [{ role: 'user', content: 'Hello' }] };
const opened: HttpHarness[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((gateway) => gateway.close()));
});

/** Two replicas for a project with these budgets, which has spent so much today with the key that asks. */
async function replicasWith(budgets: readonly Budget[], usd: number, more: { away?: boolean } = {}) {
  const log = new InMemoryEventLog();
  const today = new Date().toISOString().slice(0, 10);
  const spent: Spent[] = [{ day: today, keyId: 'k1', usd }];
  let asked = 0;
  const spentSince = () => {
    asked += 1;
    return more.away ? Promise.reject(new Error('away')) : Promise.resolve(spent);
  };
  const endpoints = [
    aWebhookEndpoint({ id: 'e1', url: 'https://ops.test/', events: events('headrace.budget.reached') }),
    aWebhookEndpoint({ id: 'e2', events: null }),
    aWebhookEndpoint({ id: 'e3', active: false, events: events('headrace.budget.reached') }),
  ];
  const projects = new ProjectsInMemory(aProject({ budgets, endpoints }));
  const gateways = [
    await startGateway(log, projects, { spentSince }),
    await startGateway(log, projects, { spentSince }),
  ];
  opened.push(...gateways);
  let turn = 0;
  return {
    log,
    asked: () => asked,
    ask: (headers: Record<string, string> = {}) =>
      (gateways[(turn += 1) % 2] as HttpHarness).ask('POST', '/v1/ai/async', {
        body,
        headers: { ...withKeyOf(projectId), ...headers },
      }),
    /** Resolves once the log has so many events that are not of requests. */
    async told(count: number) {
      for (;;) {
        const told = log.all.filter(({ type }) => !type.startsWith('request.'));
        if (told.length >= count) return told;
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
}

describe('a budget with a limit', () => {
  it('refuses what is asked after it is used up, and says which one it is and when it begins anew', async () => {
    const { ask, log } = await replicasWith([aBudget({ name: 'team A', limitUsd: 5 })], 5);
    const { status, body: answer, headers } = await ask();
    expect(status).toBe(429);
    expect(answer.error).toMatchObject({ type: 'rate_limit_error', code: 'budget_exceeded' });
    expect(answer.message).toContain('"team A"');
    const renewal = Date.now() + Number(headers.get('retry-after')) * 1_000;
    expect(new Date(renewal + 1_000).getUTCDate()).toBe(1);
    expect(headers.get('x-should-retry')).toBe('false');
    expect(log.all.filter(({ type }) => type === 'request.accepted')).toEqual([]);
  });

  it.each([
    ['lets pass what comes before', [aBudget({ limitUsd: 5.01 })], 200],
    ['of a key holds for that key', [aBudget({ keyId: 'k1', limitUsd: 5 })], 429],
    ['of another key does not hold', [aBudget({ keyId: 'k2', limitUsd: 0 })], 200],
    ['of a day counts that day', [aBudget({ period: 'day', limitUsd: 5 })], 429],
    ['is one of several', [aBudget({ limitUsd: 100 }), aBudget({ name: 'daily', period: 'day', limitUsd: 1 })], 429],
  ] as const)('%s', async (_, budgets, status) => {
    const { ask } = await replicasWith(budgets, 5);
    expect((await ask()).status).toBe(status);
  });

  it('speaks of other keys only where they help', async () => {
    const adviceOf = async (budget: Budget) => (await (await replicasWith([budget], 5)).ask()).body.message;
    expect(await adviceOf(aBudget({ limitUsd: 5 }))).toMatch(/; until then, raise it\.$/);
    expect(await adviceOf(aBudget({ keyId: 'k1', limitUsd: 5 }))).toMatch(
      /; until then, raise it or ask with another key\.$/,
    );
  });

  it('does not hold up a request that is repeated, and leaves the key of a refused one free', async () => {
    const spent = [aBudget({ limitUsd: 5 })];
    const { ask } = await replicasWith(spent, 5);
    expect((await ask({ 'idempotency-key': 'a' })).status).toBe(429);
    expect((await ask({ 'idempotency-key': 'a' })).status).toBe(429);
  });

  it('lets everybody pass while nobody can say what was spent', async () => {
    const { ask } = await replicasWith([aBudget({ limitUsd: 0 })], 0, { away: true });
    expect((await ask()).status).toBe(200);
  });

  it('asks the database once for many requests', async () => {
    const { ask, asked } = await replicasWith([aBudget({ limitUsd: 100 })], 5);
    await Promise.all(Array.from({ length: 20 }, () => ask()));
    expect(asked()).toBe(2);
  });
});

describe('a budget that is reached', () => {
  it('is told once over all replicas: by an event, and to the endpoints that name it', async () => {
    const { ask, told } = await replicasWith([aBudget({ alertUsd: 4 })], 5);
    for (let index = 0; index < 4; index += 1) expect((await ask()).status).toBe(200);
    const [reached, planned, ...more] = await told(2);
    expect(more).toEqual([]);
    expect(reached).toMatchObject({
      type: 'budget.reached',
      data: { budget: 'monthly', threshold: 'alert', thresholdUsd: 4, spentUsd: 5, keyId: null },
    });
    expect(planned).toMatchObject({
      type: 'delivery.planned',
      data: { endpointId: 'e1', url: 'https://ops.test/', webhookType: 'headrace.budget.reached' },
    });
    const sent = JSON.parse((planned?.data as { body: string }).body) as Record<string, unknown>;
    expect(sent).toMatchObject({
      type: 'headrace.budget.reached',
      budget: 'monthly',
      threshold: 'alert',
      spent_usd: 5,
    });
    expect(sent['data']).toMatchObject({ budget: 'monthly' });
  });

  it('tells its alert and its limit each', async () => {
    const { ask, told } = await replicasWith([aBudget({ alertUsd: 4, limitUsd: 5 })], 5);
    await ask();
    const thresholds = (await told(4))
      .filter(({ type }) => type === 'budget.reached')
      .map(({ data }) => (data as { threshold: string }).threshold);
    expect(thresholds.sort()).toEqual(['alert', 'limit']);
  });
});
