import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DeliveryAttempt } from '@headrace/contracts';
import { startHttp, type HttpHarness } from '@headrace/http/testing';
import { openDatabase, PostgresSettings } from '@headrace/postgres';
import { ProjectStore, WebhookEndpointAdministration } from '@headrace/project-store';
import { startProjectStore, type ProjectStoreHarness, type ProjectStoreProcess } from '@headrace/project-store/testing';
import { ReadModel, readModelSchema } from '@headrace/read-model';
import type { DataSource } from 'typeorm';
import { WebhookStatsModule } from './webhook-stats.module.js';

const minuteMs = 60_000;
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * minuteMs).toISOString();

describe('the statistics of a webhook endpoint', () => {
  let stores: ProjectStoreHarness;
  let process: ProjectStoreProcess;
  let dataSource: DataSource;
  let readModel: ReadModel;
  let http: HttpHarness;

  beforeAll(async () => {
    stores = await startProjectStore();
    process = await stores.process();
    const settings = Object.assign(new PostgresSettings(), { databaseUrl: stores.url });
    dataSource = await openDatabase(settings, [readModelSchema]);
    readModel = new ReadModel(dataSource);
    http = await startHttp({
      modules: [WebhookStatsModule],
      providers: [
        { provide: ProjectStore, useValue: process.store },
        { provide: WebhookEndpointAdministration, useValue: process.endpoints },
        { provide: ReadModel, useValue: readModel },
      ],
    });
  });
  afterAll(async () => {
    await http.close();
    await dataSource.destroy();
    await stores.close();
  });

  async function anEndpoint() {
    const { id: projectId } = await process.projects.create({ name: 'Shop' });
    const { value: apiKey } = await process.keys.create(projectId, { name: 'main', expiresInDays: null });
    const url = 'https://hooks.example.com/';
    const { endpoint } = await process.endpoints.create(projectId, { url, description: null, events: null });
    const ask = (id: string, query = '', key = apiKey) =>
      http.ask('GET', `/v1/webhooks/${id}/stats${query}`, { headers: { authorization: `Bearer ${key}` } });
    return { projectId, endpointId: endpoint.id, ask };
  }

  let sequence = 0;
  async function happened(projectId: string, type: string, at: string, data: object): Promise<void> {
    sequence += 1;
    const event = { project: projectId, channel: 'c1', sequence, type, at, data };
    await readModel.write({ timeline: [event], requests: [], deliveries: [] });
  }

  const anAttempt = (durationMs: number, httpStatus: number): DeliveryAttempt => ({
    number: 1,
    startedAt: minutesAgo(1),
    durationMs,
    httpStatus,
    error: httpStatus < 300 ? null : { code: 'http_status', message: `The endpoint answered ${httpStatus}.` },
    responseBody: null,
  });

  it('tell rate, durations and the last failure within a window', async () => {
    const { projectId, endpointId, ask } = await anEndpoint();
    const [longAgo, lately] = [minutesAgo(3 * 60), minutesAgo(1)];
    for (const deliveryId of ['d1', 'd2', 'd3']) {
      await happened(projectId, 'delivery.planned', longAgo, { endpointId, deliveryId });
    }
    await happened(projectId, 'delivery.succeeded', longAgo, {
      endpointId,
      deliveryId: 'd1',
      attempt: anAttempt(20, 200),
    });
    await happened(projectId, 'delivery.attempted', lately, {
      endpointId,
      deliveryId: 'd2',
      attempt: anAttempt(80, 503),
    });
    await happened(projectId, 'delivery.succeeded', lately, {
      endpointId,
      deliveryId: 'd2',
      attempt: anAttempt(40, 201),
    });
    const { status, body } = await ask(endpointId);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      endpoint_id: endpointId,
      window: '24h',
      deliveries: { total: 3, success: 2, error: 0, pending: 1 },
      attempts: { total: 3, success: 2, failed: 1 },
      success_rate: 2 / 3,
      duration_ms: { p99: 80, max: 80 },
      last_success_at: lately,
      last_failure: { at: lately, http_status: 503, error: { code: 'http_status' }, delivery_id: 'd2' },
      by_status: { '200': 1, '201': 1, '503': 1 },
    });
    const hour = await ask(endpointId, '?window=1h');
    expect(hour.body).toMatchObject({
      window: '1h',
      deliveries: { total: 2, success: 1, pending: 1 },
      attempts: { total: 2 },
      by_status: { '201': 1, '503': 1 },
    });
    const lengthMs = Date.parse(String(hour.body['to'])) - Date.parse(String(hour.body['from']));
    expect(lengthMs).toBeGreaterThanOrEqual(60 * minuteMs);
    expect(lengthMs).toBeLessThanOrEqual(65 * minuteMs);
  });

  it('are zero and null where nothing was sent yet', async () => {
    const { endpointId, ask } = await anEndpoint();
    expect((await ask(endpointId, '?window=30d')).body).toMatchObject({
      deliveries: { total: 0, success: 0, error: 0, pending: 0 },
      attempts: { total: 0, success: 0, failed: 0 },
      success_rate: null,
      duration_ms: { p50: null, p95: null, p99: null, max: null },
      last_success_at: null,
      last_failure: null,
      by_status: {},
    });
  });

  it('are told to nobody but the project', async () => {
    const { endpointId, ask } = await anEndpoint();
    const stranger = await anEndpoint();
    expect((await stranger.ask(endpointId)).status).toBe(404);
    expect((await ask('no-such-endpoint')).status).toBe(404);
    expect((await ask(endpointId, '', 'mr_live_wrong')).status).toBe(401);
  });

  it('refuse a window that is not kept, naming those that are', async () => {
    const { endpointId, ask } = await anEndpoint();
    const { status, body } = await ask(endpointId, '?window=1y');
    expect([status, body.error.param]).toEqual([400, 'window']);
    expect(body.error.message).toContain('30d');
  });
});
