import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { waitFor } from '@headrace/testing';
import { anAsk } from './support/api-client.js';
import { parseExposition, type Exposition, type Sample } from './support/exposition.js';
import { newProject } from './support/project.js';
import { testsOn } from './support/stage.js';
import { services, startSystem, type System } from './support/system.js';
import { createWorkflows, timeScale, workflows } from './support/workflows.js';

const startLimitMs = 90_000;

/** Metrics in the reference page, with their kinds. */
function documentedMetrics(): Map<string, string> {
  const page = readFileSync(new URL('../../../docs/reference/metrics.md', import.meta.url), 'utf8');
  const rows = page.matchAll(/^\| `([a-z_]+)` +\| (\w+)/gm);
  return new Map([...rows].map(([, name = '', kind = '']) => [name, kind]));
}

/** A project that is asked for more than its budget, piece by piece and with a cache. */
async function spendsTooMuch(system: System): Promise<void> {
  const { api, administrator, id } = await newProject(system, { model: 'dear', cache_seconds: 600 });
  const price = { provider: 'offline', model: 'dear', input_usd: 1_000, output_usd: 1_000 };
  await administrator.must('PUT', '/v1/prices', { prices: [price], note: 'A test' });
  const body = anAsk({ workflow: 'demo', stream: true });
  expect((await api.call('POST', '/v1/ai', body)).status).toBe(200);
  const budget = { name: 'tests', period: 'month', limit_usd: 0.000_001 };
  await administrator.must('PUT', `/v1/projects/${id}/budgets`, { budgets: [budget] });
  await waitFor(async () => (await api.call('POST', '/v1/ai', body)).status === 429, {
    timeoutMs: 20_000,
    everyMs: 50,
    what: 'the budget is used up',
  });
}

async function scrape(url: string): Promise<Exposition> {
  const answer = await fetch(url);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([
    200,
    'text/plain; version=0.0.4; charset=utf-8',
  ]);
  return parseExposition(await answer.text());
}

describe('the metrics of the system in six processes', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({
      mode: 'six',
      timeScale,
      environment: { HEADRACE_METRICS_ENDPOINTS: '5', HEADRACE_BUDGET_REFRESH_MS: '50' },
    });
    await createWorkflows(system.api);
  }, startLimitMs);
  afterAll(() => system?.stop(), startLimitMs);

  const test = testsOn(() => system);
  const samplesOfAll = async (): Promise<Sample[]> => {
    const scraped = await Promise.all(services.map((service) => scrape(system.metricsUrlOf(service))));
    return scraped.flatMap(({ samples }) => samples);
  };

  test('are all exported that are documented, and no others, once there was something to count', async (stage) => {
    const backend = await stage.backend();
    backend.receiver.answerNext({ status: 500, body: 'not now' });
    const reply = await stage.api.ask({ workflow: workflows.eventDriven });
    await stage.browser(reply);
    await backend.webhook(reply.channel_id);
    const second = await backend.webhook(reply.channel_id);
    await backend.callback(second, { data: { id: 1 } });
    await stage.deliveries(reply.channel_id, ({ status }) => status === 'success');
    await spendsTooMuch(system);
    const documented = documentedMetrics();
    const exposition = await scrape(system.metricsUrlOf('gateway'));
    expect(new Map([...exposition.kinds].sort())).toEqual(new Map([...documented].sort()));
    await waitFor(
      async () => {
        const counted = new Set((await samplesOfAll()).map(({ metric }) => metric));
        const missing = [...documented.keys()].filter((name) => !counted.has(name));
        if (missing.length > 0) throw new Error(`Nothing is told by ${missing.join(', ')}`);
        return true;
      },
      { timeoutMs: 20_000, everyMs: 200, what: 'every metric has a sample' },
    );
  });

  test('tell of one request in the processes that did the work', async (stage) => {
    const backend = await stage.backend();
    const sumOf = async (name: string, labels: Record<string, string>) =>
      (await samplesOfAll())
        .filter((found) => found.name === name)
        .filter((found) => Object.entries(labels).every(([label, value]) => found.labels[label] === value))
        .reduce((sum, { value }) => sum + value, 0);
    const counts = () =>
      Promise.all([
        sumOf('headrace_requests_accepted_total', { kind: 'standard' }),
        sumOf('headrace_request_duration_seconds_count', { kind: 'standard', outcome: 'success' }),
        sumOf('headrace_generation_attempt_duration_seconds_count', { provider: 'offline', outcome: 'success' }),
        sumOf('headrace_deliveries_planned_total', { type: 'task.completed' }),
        sumOf('headrace_delivery_attempt_duration_seconds_count', { attempt: 'first', outcome: '2xx' }),
        sumOf('headrace_endpoint_attempts_total', { endpoint_id: backend.endpoint.id, result: 'success' }),
      ]);
    const before = await counts();
    const { channel_id: channel } = await stage.api.ask({ workflow: 'demo' });
    await backend.webhook(channel);
    await stage.deliveries(channel, ({ status }) => status === 'success');
    const after = await counts();
    expect(after.map((count, index) => count - Number(before[index]))).toEqual([1, 1, 1, 1, 1, 1]);
  });

  test('have buckets that hold those below them, and say which process they are of', async () => {
    for (const service of services) {
      const { samples, kinds } = await scrape(system.metricsUrlOf(service));
      const [build] = samples.filter(({ metric }) => metric === 'headrace_build_info');
      expect(build?.labels['process']).toBe(service);
      for (const count of samples.filter(
        ({ metric, name }) => kinds.get(metric) === 'histogram' && /_count$/.test(name),
      )) {
        const buckets = samples
          .filter(({ name }) => name === `${count.metric}_bucket`)
          .filter(({ labels: { le: _, ...labels } }) => JSON.stringify(labels) === JSON.stringify(count.labels));
        const values = buckets.map(({ value }) => value);
        expect(values).toEqual(values.toSorted((one, other) => one - other));
        expect([buckets.at(-1)?.labels['le'], values.at(-1)]).toEqual(['+Inf', count.value]);
      }
    }
  });

  test('are not on the port of the API', async (stage) => {
    expect((await fetch(`${stage.api.url}/metrics`)).status).toBe(404);
  });
});
