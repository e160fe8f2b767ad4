import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { fingerprintOf } from '@headrace/secrets';
import {
  adminToken,
  startConfigurationApi,
  type ConfigurationApi,
} from '../configuration/testing/configuration.harness.js';
import { keyAddress } from './idempotency-key.js';
import { sealState } from './stored-answer.js';

describe('a POST of configuration with an Idempotency-Key', () => {
  let api: ConfigurationApi;
  let apiKey: string;
  let projectId: string;
  let keys = 0;

  beforeAll(async () => {
    api = await startConfigurationApi();
  });
  afterAll(() => api.close());
  beforeEach(async () => {
    ({ apiKey, projectId } = await api.aProject());
    keys += 1;
  });

  const post = (path: string, body: unknown, token = apiKey, key = `key-${keys}`) =>
    api.ask('POST', path, { body, headers: { authorization: `Bearer ${token}`, 'idempotency-key': key } });
  const count = async (path: string) => {
    const { body } = await api.ask('GET', path, { headers: { authorization: `Bearer ${apiKey}` } });
    return (body['data'] as unknown[]).length;
  };
  const webhook = { url: 'https://hooks.example.com/in' };

  it('is answered as the first one was: status, body, and what is shown only once', async () => {
    const first = await post('/v1/api-keys', { name: 'laptop' });
    const second = await post('/v1/api-keys', { name: 'laptop' });
    expect(first.status).toBe(201);
    expect(first.headers.has('idempotent-replayed')).toBe(false);
    expect(second.status).toBe(201);
    expect(second.headers.get('idempotent-replayed')).toBe('true');
    expect(second.body).toEqual(first.body);
    expect(second.body['key']).toMatch(/^mr_live_/);
    expect(await count('/v1/api-keys')).toBe(2);
  });

  it('keeps no secret in clear', async () => {
    const { body } = await post('/v1/api-keys', { name: 'laptop' });
    const made = await post('/v1/webhooks', webhook);
    expect(made.status).toBe(201);
    expect(api.records.text).not.toContain(String(body['key']));
    expect(api.records.text).not.toContain('whsec_');
    expect(api.records.text).not.toContain('laptop');
  });

  it('is done once when many come at the same moment; the others are told to come back', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => post('/v1/webhooks', webhook)));
    const late = answers.filter(({ status }) => status === 409);
    expect(answers.filter(({ status }) => status === 201).length).toBeGreaterThanOrEqual(1);
    expect(late.length).toBeGreaterThan(0);
    for (const { body, headers } of late) {
      expect(body.error).toMatchObject({ code: 'idempotency_key_in_use', param: 'Idempotency-Key' });
      expect(headers.get('retry-after')).toBe('1');
    }
    expect(await count('/v1/webhooks')).toBe(1);
    expect((await post('/v1/webhooks', webhook)).status).toBe(201);
  });

  it('is 409 with another body, and with another id in the path', async () => {
    const { body: made } = await post('/v1/webhooks', webhook, apiKey, 'make-1');
    const { body: other } = await post('/v1/webhooks', webhook, apiKey, 'make-2');
    const again = await post('/v1/webhooks', { ...webhook, description: 'another' }, apiKey, 'make-1');
    expect([again.status, again.body.error.code]).toEqual([409, 'idempotency_key_reused']);
    expect((await post(`/v1/webhooks/${String(made['id'])}/rotate-secret`, {})).status).toBeLessThan(300);
    const elsewhere = await post(`/v1/webhooks/${String(other['id'])}/rotate-secret`, {});
    expect([elsewhere.status, elsewhere.body.error.code]).toEqual([409, 'idempotency_key_reused']);
  });

  it('may have the key of another route or another project', async () => {
    const { apiKey: others } = await api.aProject();
    expect((await post('/v1/webhooks', webhook)).status).toBe(201);
    expect((await post('/v1/api-keys', { name: 'laptop' })).status).toBe(201);
    const elsewhere = await post('/v1/webhooks', webhook, others);
    expect(elsewhere.status).toBe(201);
    expect(elsewhere.headers.has('idempotent-replayed')).toBe(false);
  });

  it('leaves its key free when it was refused', async () => {
    expect((await post('/v1/webhooks', { url: 'not a url' })).status).toBe(400);
    expect((await post('/v1/webhooks', webhook, 'not-a-key')).status).toBe(401);
    expect((await post('/v1/webhooks', webhook)).status).toBe(201);
    expect(await count('/v1/webhooks')).toBe(1);
  });

  it('works for the administrator, who has no project', async () => {
    const first = await post('/v1/projects', { name: 'Shop' }, adminToken);
    const second = await post('/v1/projects', { name: 'Shop' }, adminToken);
    expect(second.body).toEqual(first.body);
    expect([first.status, second.status]).toEqual([201, 201]);
  });

  it('is never done twice when the process died in between: the key says that the outcome is unknown', async () => {
    const address = keyAddress(projectId, '/v1/webhooks', `key-${keys}`);
    const fingerprint = fingerprintOf({}, webhook);
    const killed = { fingerprint, state: 'running', since: Date.now() - 61_000 } as const;
    await api.records.write(address, sealState(api.secretBox, address, killed), { lifeMs: 60_000 });
    const { status, body } = await post('/v1/webhooks', webhook);
    expect([status, body.error.code]).toEqual([409, 'idempotency_outcome_unknown']);
    expect(await count('/v1/webhooks')).toBe(0);
  });

  it('with a key that is none is 400', async () => {
    const { status, body } = await post('/v1/webhooks', webhook, apiKey, 'x'.repeat(256));
    expect([status, body.error.param]).toEqual([400, 'Idempotency-Key']);
  });
});
