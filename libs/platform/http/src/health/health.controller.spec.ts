import { afterEach, describe, expect, it } from '@jest/globals';
import { startHttp, type HttpHarness } from '../testing/index.js';
import { HEALTH_INDICATORS, type HealthIndicator } from './health-indicator.js';
import { HealthController } from './health.controller.js';

let http: HttpHarness;
afterEach(() => http.close());

async function start(...indicators: readonly HealthIndicator[]): Promise<void> {
  const providers = [{ provide: HEALTH_INDICATORS, useValue: indicators }];
  http = await startHttp({ controllers: [HealthController], providers });
}

const nats: HealthIndicator = { name: 'nats', check: () => Promise.resolve(undefined) };

describe('readiness', () => {
  it('is 200 when every part is ready', async () => {
    await start(nats);
    const { status, body } = await http.ask('GET', '/health/ready');
    expect(status).toBe(200);
    expect(body).toEqual({ status: 'ready', parts: { nats: { ready: true } } });
  });

  it('is 503 and names the part that is not', async () => {
    await start(nats, { name: 'postgres', check: () => Promise.resolve('No connection.') });
    const { status, body } = await http.ask('GET', '/health/ready');
    expect(status).toBe(503);
    expect(body).toEqual({
      status: 'not_ready',
      parts: { nats: { ready: true }, postgres: { ready: false, problem: 'No connection.' } },
    });
  });

  it('is 503 without details when a check throws', async () => {
    await start({ name: 'postgres', check: () => Promise.reject(new Error('password=hunter2')) });
    const { status, body } = await http.ask('GET', '/health/ready');
    expect(status).toBe(503);
    expect(JSON.stringify(body)).not.toContain('hunter2');
  });

  it('does not change whether the process is live', async () => {
    await start({ name: 'postgres', check: () => Promise.resolve('No connection.') });
    const { status, body } = await http.ask('GET', '/health/live');
    expect(status).toBe(200);
    expect(body).toEqual({ status: 'live' });
  });
});
