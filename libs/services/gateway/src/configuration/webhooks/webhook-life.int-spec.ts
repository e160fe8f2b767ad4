import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startConfigurationApi, type Ask, type ConfigurationApi } from '../testing/configuration.harness.js';

interface Webhook {
  readonly id: string;
  readonly secret: string;
  readonly paused_at: string | null;
  readonly updated_at: string;
}

describe('the life of a webhook', () => {
  let api: ConfigurationApi;
  let ask: Ask;
  let projectId: string;
  let webhook: Webhook;

  beforeAll(async () => {
    api = await startConfigurationApi();
  });
  afterAll(() => api.close());
  beforeEach(async () => {
    ({ ask, projectId } = await api.aProject());
    const { body } = await ask('POST', '/v1/webhooks', { url: 'https://hooks.example.com/x' });
    webhook = body as unknown as Webhook;
  });

  const post = async (action: string, body?: object) => {
    const answer = await ask('POST', `/v1/webhooks/${webhook.id}/${action}`, body);
    return { ...answer, webhook: answer.body as unknown as Webhook };
  };
  const loaded = async () => (await api.process.store.project(projectId))?.endpoints[0];

  it('is paused and resumed, each as often as one likes', async () => {
    const { status, webhook: paused } = await post('pause');
    expect([status, paused]).toEqual([200, expect.objectContaining({ paused: true, status: 'paused', active: true })]);
    expect(Date.now() - Date.parse(paused.paused_at ?? '')).toBeLessThan(60_000);
    expect((await post('pause')).webhook).toEqual(paused);
    expect(await loaded()).toMatchObject({ paused: true, active: true });
    expect((await post('resume')).webhook).toMatchObject({ paused: false, paused_at: null, status: 'active' });
    expect((await post('resume')).status).toBe(200);
    expect(await loaded()).toMatchObject({ paused: false });
  });

  it('cannot be paused by another project, nor when it is not there', async () => {
    const { ask: other } = await api.aProject();
    for (const action of ['pause', 'resume']) {
      expect((await other('POST', `/v1/webhooks/${webhook.id}/${action}`)).status).toBe(404);
      expect((await ask('POST', `/v1/webhooks/nonsense/${action}`)).status).toBe(404);
    }
    expect(await loaded()).toMatchObject({ paused: false });
  });

  it('begins anew when it is switched on after it was switched off for its failures', async () => {
    const at = new Date('2026-01-01T00:00:00.000Z');
    await api.process.endpoints.noteFailing(projectId, webhook.id, at);
    await api.process.endpoints.disable(projectId, webhook.id, 'It failed for days.');
    const path = `/v1/webhooks/${webhook.id}`;
    expect((await ask('GET', path)).body).toMatchObject({
      status: 'disabled',
      failing_since: at.toISOString(),
      disabled_reason: 'It failed for days.',
    });
    const anew = { status: 'active', active: true, failing_since: null, disabled_reason: null };
    expect((await ask('PATCH', path, { active: true })).body).toMatchObject(anew);
  });

  it('signs with the old secret beside the new one for the seconds that are given', async () => {
    const { status, webhook: rotated } = await post('rotate-secret', { overlap_seconds: 60 });
    expect(status).toBe(200);
    expect(rotated.secret).toMatch(/^whsec_/);
    expect((await loaded())?.secrets).toEqual([rotated.secret, webhook.secret]);
  });

  it('signs with the new secret alone when there is no overlap', async () => {
    const { webhook: rotated } = await post('rotate-secret', { overlap_seconds: 0 });
    expect((await loaded())?.secrets).toEqual([rotated.secret]);
  });

  it('lets the old secret sign for a day when nothing is said, also without a body', async () => {
    const { status, webhook: rotated } = await post('rotate-secret');
    expect(status).toBe(200);
    expect((await loaded())?.secrets).toEqual([rotated.secret, webhook.secret]);
  });

  it.each<[object, string]>([
    [{ overlap_seconds: -1 }, 'overlap_seconds'],
    [{ overlap_seconds: 604_801 }, 'overlap_seconds'],
    [{ overlap_hours: 169 }, 'overlap_hours'],
    [{ overlap_seconds: 60, overlap_hours: 1 }, 'overlap_seconds'],
  ])('is not rotated with %j', async (body, param) => {
    const { status, body: answer } = await post('rotate-secret', body);
    expect([status, answer.error.param]).toEqual([400, param]);
    expect((await loaded())?.secrets).toEqual([webhook.secret]);
  });

  it('has a limited number of secrets that are good', async () => {
    for (let count = 1; count < 10; count += 1) expect((await post('rotate-secret')).status).toBe(200);
    expect((await post('rotate-secret')).status).toBe(409);
    expect((await loaded())?.secrets).toHaveLength(10);
  });
});
