import { describe, expect, it } from '@jest/globals';
import { Headrace } from '../client.js';
import { ConfigurationError } from '../errors.js';

interface Sent {
  readonly call: string;
  readonly body: unknown;
  readonly key: string | null;
}

/** A client whose calls are written down and answered with an empty page. */
function recordingClient(): { headrace: Headrace; sent: Sent[] } {
  const sent: Sent[] = [];
  const record: typeof fetch = (url, init) => {
    const { method, headers } = new Request(url, init);
    const { pathname, search } = new URL(new Request(url).url);
    const text = init?.body;
    sent.push({
      call: `${method} ${pathname}${search}`,
      body: typeof text === 'string' ? (JSON.parse(text) as unknown) : undefined,
      key: headers.get('idempotency-key'),
    });
    return Promise.resolve(Response.json({ data: [], next_cursor: null }));
  };
  return { headrace: new Headrace({ apiKey: 'k', baseUrl: 'https://ai.example', fetch: record }), sent };
}

type Case = readonly [call: string, body: unknown, run: (headrace: Headrace) => Promise<unknown>];
const workflow = { name: 'w', provider: 'offline', model: 'm' };
const cases: readonly Case[] = [
  ['POST /v1/dead-letters/replay', { all: true }, (c) => c.deadLetters.replayMany({ all: true })],
  ['GET /v1/replays?limit=5', undefined, (c) => c.replays.list({ limit: 5 }).page()],
  ['GET /v1/replays/r1', undefined, (c) => c.replays.get('r1')],
  ['PATCH /v1/replays/r1', { rate_per_second: 5 }, (c) => c.replays.setRate('r1', 5)],
  ['POST /v1/replays/r1/pause', undefined, (c) => c.replays.pause('r1')],
  ['POST /v1/replays/r1/resume', undefined, (c) => c.replays.resume('r1')],
  ['POST /v1/replays/r1/cancel', undefined, (c) => c.replays.cancel('r1')],
  ['POST /v1/workflows', workflow, (c) => c.workflows.create(workflow)],
  ['GET /v1/workflows?name=w', undefined, (c) => c.workflows.list({ name: 'w' }).page()],
  ['GET /v1/workflows/w%201', undefined, (c) => c.workflows.get('w 1')],
  ['PATCH /v1/workflows/w', { retry: null }, (c) => c.workflows.update('w', { retry: null })],
  ['DELETE /v1/workflows/w', undefined, (c) => c.workflows.delete('w')],
  ['GET /v1/workflows/w/versions?limit=2', undefined, (c) => c.workflows.versions('w', { limit: 2 }).page()],
  ['GET /v1/workflows/w/versions/3', undefined, (c) => c.workflows.version('w', 3)],
  ['GET /v1/workflows/w/versions/1/diff/3', undefined, (c) => c.workflows.diff('w', 1, 3)],
  ['POST /v1/workflows/w/rollback', { version: 1 }, (c) => c.workflows.rollback('w', 1)],
  [
    'POST /v1/structured-outputs',
    { name: 's', schema: {} },
    (c) => c.structuredOutputs.create({ name: 's', schema: {} }),
  ],
  ['GET /v1/structured-outputs', undefined, (c) => c.structuredOutputs.list().page()],
  ['GET /v1/structured-outputs/s', undefined, (c) => c.structuredOutputs.get('s')],
  ['PATCH /v1/structured-outputs/s', { name: 't' }, (c) => c.structuredOutputs.update('s', { name: 't' })],
  ['DELETE /v1/structured-outputs/s', undefined, (c) => c.structuredOutputs.delete('s')],
  ['POST /v1/webhooks', { url: 'https://a.example' }, (c) => c.webhooks.create({ url: 'https://a.example' })],
  ['GET /v1/webhooks', undefined, (c) => c.webhooks.list().page()],
  ['GET /v1/webhooks/e1', undefined, (c) => c.webhooks.get('e1')],
  ['PATCH /v1/webhooks/e1', { active: true }, (c) => c.webhooks.update('e1', { active: true })],
  ['DELETE /v1/webhooks/e1', undefined, (c) => c.webhooks.delete('e1')],
  ['POST /v1/webhooks/e1/pause', undefined, (c) => c.webhooks.pause('e1')],
  ['POST /v1/webhooks/e1/resume', undefined, (c) => c.webhooks.resume('e1')],
  [
    'POST /v1/webhooks/e1/rotate-secret',
    { overlap_seconds: 9 },
    (c) => c.webhooks.rotateSecret('e1', { overlap_seconds: 9 }),
  ],
  ['POST /v1/webhooks/e1/test', { type: 'task.failed' }, (c) => c.webhooks.test('e1', 'task.failed')],
  ['GET /v1/webhooks/e1/stats?window=7d', undefined, (c) => c.webhooks.stats('e1', '7d')],
  [
    'POST /v1/provider-credentials',
    { provider: 'openai' },
    (c) => c.providerCredentials.create({ provider: 'openai' }),
  ],
  ['GET /v1/provider-credentials', undefined, (c) => c.providerCredentials.list().page()],
  ['GET /v1/provider-credentials/openai', undefined, (c) => c.providerCredentials.get('openai')],
  [
    'PATCH /v1/provider-credentials/openai',
    { base_url: null },
    (c) => c.providerCredentials.update('openai', { base_url: null }),
  ],
  ['DELETE /v1/provider-credentials/openai', undefined, (c) => c.providerCredentials.delete('openai')],
  [
    'POST /v1/api-keys',
    { name: 'ci', expires_in_days: 30 },
    (c) => c.apiKeys.create({ name: 'ci', expires_in_days: 30 }),
  ],
  ['GET /v1/api-keys', undefined, (c) => c.apiKeys.list().page()],
  ['GET /v1/api-keys/k1', undefined, (c) => c.apiKeys.get('k1')],
  ['DELETE /v1/api-keys/k1', undefined, (c) => c.apiKeys.revoke('k1')],
  ['POST /v1/projects', { name: 'p' }, (c) => c.projects.create({ name: 'p' })],
  ['GET /v1/projects', undefined, (c) => c.projects.list().page()],
  ['GET /v1/projects/p1', undefined, (c) => c.projects.get('p1')],
  ['PATCH /v1/projects/p1', { name: 'q' }, (c) => c.projects.update('p1', { name: 'q' })],
  ['POST /v1/projects/p1/api-keys', { name: 'ci' }, (c) => c.projects.createApiKey('p1', { name: 'ci' })],
  ['POST /v1/projects/p1/rotate-signing-secret', undefined, (c) => c.projects.rotateSigningSecret('p1')],
  ['POST /v1/projects/p1/realtime-token', undefined, (c) => c.projects.realtimeToken('p1')],
  ['GET /v1/projects/p1/rate-limits', undefined, (c) => c.projects.rateLimits('p1')],
  ['PUT /v1/projects/p1/rate-limits', { concurrent: 5 }, (c) => c.projects.setRateLimits('p1', { concurrent: 5 })],
  ['GET /v1/projects/p1/budgets', undefined, (c) => c.projects.budgets('p1')],
  [
    'PUT /v1/projects/p1/budgets',
    { budgets: [{ name: 'b', period: 'day' }] },
    (c) => c.projects.setBudgets('p1', [{ name: 'b', period: 'day' }]),
  ],
  ['GET /v1/models', undefined, (c) => c.models.list()],
  ['GET /v1/models/openai/gpt-4o', undefined, (c) => c.models.get('openai/gpt-4o')],
  ['GET /v1/prices', undefined, (c) => c.prices.get()],
  ['PUT /v1/prices', { prices: [] }, (c) => c.prices.replace({ prices: [] })],
  ['GET /v1/prices/versions', undefined, (c) => c.prices.versions()],
];

describe('the configuration', () => {
  it.each(cases)('is reached by %s', async (call, body, run) => {
    const { headrace, sent } = recordingClient();
    await run(headrace);
    const key = call.startsWith('POST ') ? expect.stringMatching(/^[0-9a-f-]{36}$/) : null;
    expect(sent).toEqual([{ call, body, key }]);
  });

  it('takes the idempotency key of the caller', async () => {
    const { headrace, sent } = recordingClient();
    await headrace.workflows.create(workflow, { idempotencyKey: 'deploy-7' });
    await headrace.replays.pause('r1', { idempotencyKey: 'deploy-8' });
    expect(sent.map(({ key }) => key)).toEqual(['deploy-7', 'deploy-8']);
  });

  it('is not reached by an id that is missing', async () => {
    const { headrace, sent } = recordingClient();
    for (const id of ['', '.', '..', undefined as unknown as string]) {
      await expect(headrace.workflows.get(id)).rejects.toBeInstanceOf(ConfigurationError);
      await expect(headrace.webhooks.delete(id)).rejects.toBeInstanceOf(ConfigurationError);
    }
    expect(sent).toEqual([]);
  });
});
