import { afterEach, describe, expect, it } from '@jest/globals';
import type { RateLimits } from '@headrace/contracts';
import { InMemoryEventLog, InMemorySharedRecords } from '@headrace/event-log/testing';
import { aProject, projectId, ProjectsInMemory, withKeyOf, type HttpHarness } from '@headrace/http/testing';
import { startGateway } from '../testing/gateway.harness.js';

const none: RateLimits = { project: null, key: null, user: null, ip: null, keys: {} };
const slow = (requests: number) => ({ requests, seconds: 3_600 });
const body = { workflow: 'demo', messages: [{ role: 'user', content: 'Hello' }] };
let gateways: HttpHarness[] = [];

afterEach(async () => {
  await Promise.all(gateways.map((gateway) => gateway.close()));
  gateways = [];
});

/** Two replicas for a project with these limits. */
async function replicasWith(rateLimits: RateLimits | null) {
  const log = new InMemoryEventLog();
  const records = new InMemorySharedRecords();
  const projects = new ProjectsInMemory(aProject({ rateLimits }));
  gateways = [
    await startGateway(log, projects, undefined, records),
    await startGateway(log, projects, undefined, records),
  ];
  let asked = 0;
  return {
    log,
    ask: (more: object = {}, headers: Record<string, string> = {}) => {
      const gateway = gateways[(asked += 1) % 2] as HttpHarness;
      return gateway.ask('POST', '/v1/ai/async', {
        body: { ...body, ...more },
        headers: { ...withKeyOf(projectId), ...headers },
      });
    },
  };
}

describe('rate limits', () => {
  it.each([
    ['project', { ...none, project: slow(3) }],
    ['key', { ...none, key: slow(3) }],
    ['key', { ...none, key: slow(100), keys: { k1: slow(3) } }],
    ['ip', { ...none, ip: slow(3) }],
    ['user', { ...none, user: slow(3) }],
  ])('of a %s hold over replicas, and nothing that is refused is stored', async (scope, limits) => {
    const { ask, log } = await replicasWith(limits);
    const statuses = [];
    for (let index = 0; index < 5; index += 1) statuses.push((await ask({ user_id: 'u1' })).status);
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
    expect(log.all).toHaveLength(3);
    const { body: answer, headers } = await ask({ user_id: 'u1' });
    expect(answer.error).toMatchObject({ type: 'rate_limit_error', code: 'rate_limit_exceeded' });
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(1_000);
    expect(headers.get('ratelimit-policy')).toBe(`"${scope}";q=3;w=3600`);
    expect(headers.get('ratelimit')).toMatch(new RegExp(`^"${scope}";r=0;t=\\d+$`));
    expect(headers.get('x-ratelimit-limit')).toBe('3');
    expect(headers.get('x-ratelimit-remaining')).toBe('0');
  });

  it('tell what is left with every answer, the nearest limit in X-RateLimit', async () => {
    const { ask } = await replicasWith({ ...none, project: slow(100), user: slow(4) });
    const { headers } = await ask({ user_id: 7 });
    expect(headers.get('x-ratelimit-limit')).toBe('4');
    expect(headers.get('x-ratelimit-remaining')).toBe('3');
    expect(headers.get('ratelimit-policy')).toBe('"user";q=4;w=3600, "project";q=100;w=3600');
    expect(headers.get('ratelimit')).toMatch(/^"user";r=3;t=900, "project";r=9\d;t=\d+$/);
  });

  it('of one user hold up no other, and not those without a user', async () => {
    const { ask } = await replicasWith({ ...none, user: slow(1) });
    expect((await ask({ user_id: 'u1' })).status).toBe(200);
    expect((await ask({ user_id: 'u1' })).status).toBe(429);
    expect((await ask({ user_id: 'u2' })).status).toBe(200);
    expect((await ask()).status).toBe(200);
    expect((await ask()).status).toBe(200);
  });

  it.each(['user', 'safety_identifier'])('know a user by %s of OpenAI too', async (field) => {
    const { ask } = await replicasWith({ ...none, user: slow(1) });
    expect((await ask({ [field]: 'u1' })).status).toBe(200);
    expect((await ask({ user_id: 'u1' })).status).toBe(429);
    expect((await ask({ [field]: 'u2' })).status).toBe(200);
  });

  it('take nothing from the project for a user who is over his own', async () => {
    const { ask } = await replicasWith({ ...none, user: slow(1), project: slow(3) });
    const statuses = [];
    for (const user of ['u1', 'u1', 'u1', 'u1', 'u2', 'u3']) statuses.push((await ask({ user_id: user })).status);
    expect(statuses).toEqual([200, 429, 429, 429, 200, 200]);
  });

  it('count a request that is repeated with its Idempotency-Key once, and leave the key of a refused one free', async () => {
    const { ask } = await replicasWith({ ...none, project: slow(1) });
    const first = await ask({}, { 'idempotency-key': 'a' });
    const again = await ask({}, { 'idempotency-key': 'a' });
    expect([first.status, again.status]).toEqual([200, 200]);
    expect(again.body['channel_id']).toBe(first.body['channel_id']);
    expect((await ask({}, { 'idempotency-key': 'b' })).status).toBe(429);
    expect((await ask({}, { 'idempotency-key': 'b' })).status).toBe(429);
  });

  it('do not count what is refused for another reason', async () => {
    const { ask } = await replicasWith({ ...none, project: slow(1) });
    expect((await ask({ workflow: 'nope' })).status).toBe(404);
    expect((await ask({ messages: [] })).status).toBe(400);
    expect((await ask()).status).toBe(200);
  });

  it('are off unless they are set, and then no header speaks of them', async () => {
    const { ask } = await replicasWith(null);
    const { status, headers } = await ask();
    expect(status).toBe(200);
    expect(headers.has('ratelimit')).toBe(false);
    expect(headers.has('x-ratelimit-limit')).toBe(false);
  });
});
