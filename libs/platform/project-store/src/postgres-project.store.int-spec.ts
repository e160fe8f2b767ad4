import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ProjectStoreUnavailable } from './project-store.errors.js';
import {
  aWebhookEndpoint,
  startProjectStore,
  type ProjectStoreHarness,
  type ProjectStoreProcess,
} from './testing/index.js';

const actor = 'test';

describe('PostgresProjectStore', () => {
  let harness: ProjectStoreHarness;
  let one: ProjectStoreProcess;
  let other: ProjectStoreProcess;
  let projectId: string;
  let apiKey: string;

  beforeAll(async () => {
    harness = await startProjectStore();
    one = await harness.process();
    other = await harness.process();
  });
  afterAll(() => harness.close());
  beforeEach(async () => {
    ({ id: projectId } = await one.projects.create({ name: 'Shop' }));
    ({ value: apiKey } = await one.keys.create(projectId, { name: 'main', expiresInDays: null }));
  });

  it('knows whose key it is, and answers from memory from then on', async () => {
    const owner = await other.store.authenticate(apiKey);
    expect(owner).toMatchObject({ projectId });
    await other.store.project(projectId);
    const query = jest.spyOn(other.dataSource, 'createQueryRunner');
    expect(await other.store.authenticate(apiKey)).toBe(owner);
    expect(await other.store.project(projectId)).toMatchObject({ name: 'Shop' });
    expect(query).not.toHaveBeenCalled();
    query.mockRestore();
  });

  it.each(['', 'mr_live_unknown', "' OR 1=1 --", '\0'])('knows no owner of the key %j', async (key) => {
    expect(await one.store.authenticate(key)).toBeUndefined();
  });

  it('knows a key that it was asked for before it existed', async () => {
    expect(await other.store.authenticate('an-old-key-of-ours')).toBeUndefined();
    await one.keys.create(projectId, { name: 'old', expiresInDays: null, value: 'an-old-key-of-ours' });
    expect(await other.store.authenticate('an-old-key-of-ours')).toMatchObject({ projectId });
  });

  it('forgets a revoked key at once, in every process', async () => {
    const owner = await other.store.authenticate(apiKey);
    await one.keys.revoke(projectId, owner?.keyId ?? '');
    expect(await one.store.authenticate(apiKey)).toBeUndefined();
    expect(await other.store.authenticate(apiKey)).toBeUndefined();
  });

  it('refuses a key from the moment it expires, although it is held in memory', async () => {
    const { value, key } = await one.keys.create(projectId, { name: 'short', expiresInDays: 1 });
    expect(await one.store.authenticate(value)).toMatchObject({ keyId: key.id });
    const now = jest.spyOn(Date, 'now').mockReturnValue((key.expiresAt?.getTime() ?? 0) + 1);
    expect(await one.store.authenticate(value)).toBeUndefined();
    now.mockRestore();
  });

  it('loads everything that the hot path needs, secrets decrypted', async () => {
    const output = await one.outputs.create(projectId, {
      name: 'Answer',
      schema: { type: 'object', properties: { z: {}, a: {} } },
      sampleData: { z: 1, a: 2 },
    });
    const definition = { name: 'demo', provider: 'openai', model: 'small', structuredOutputId: output.id };
    await one.workflows.create(projectId, definition, actor);
    const { endpoint, secret } = await one.endpoints.create(projectId, {
      url: 'https://example.com/hook',
      description: null,
      events: ['task.completed'],
    });
    await one.credentials.create(projectId, { provider: 'openai', apiKey: 'sk-test-key-of-openai', baseUrl: null });

    const project = await other.store.project(projectId);
    expect(project).toMatchObject({ id: projectId, active: true, publicReconnect: false });
    expect(project?.signingSecret).toMatch(/^whsec_/);
    expect(project?.workflows.get('demo')).toMatchObject({
      timeoutMs: 60_000,
      callbackTimeoutSeconds: 300,
      structuredOutput: { id: output.id, name: 'Answer' },
    });
    // The order of properties is the order in which a model writes them.
    expect(JSON.stringify(project?.workflows.get('demo')?.structuredOutput?.sampleData)).toBe('{"z":1,"a":2}');
    expect(project?.endpoints).toEqual([
      aWebhookEndpoint({ id: endpoint.id, url: endpoint.url, events: ['task.completed'], secrets: [secret] }),
    ]);
    expect(project?.credentials.get('openai')).toMatchObject({ apiKey: 'sk-test-key-of-openai', baseUrl: null });
  });

  it('keeps no secret readable in the database', async () => {
    const { secret } = await one.endpoints.create(projectId, {
      url: 'https://a.example/',
      description: null,
      events: null,
    });
    await one.credentials.create(projectId, { provider: 'openai', apiKey: 'sk-test-key-of-openai', baseUrl: null });
    const rows: unknown = await one.dataSource.query(
      `SELECT row_to_json(p)::text FROM projects p UNION ALL SELECT row_to_json(k)::text FROM api_keys k
       UNION ALL SELECT row_to_json(s)::text FROM webhook_secrets s
       UNION ALL SELECT row_to_json(c)::text FROM provider_credentials c`,
    );
    const text = JSON.stringify(rows);
    for (const hidden of [apiKey, secret, 'sk-test-key-of-openai']) expect(text).not.toContain(hidden);
  });

  it('signs with both secrets during a rotation, the new one first', async () => {
    const { endpoint, secret: old } = await one.endpoints.create(projectId, {
      url: 'https://example.com/',
      description: null,
      events: null,
    });
    const { secret } = await one.endpoints.rotateSecret(projectId, endpoint.id, 60_000);
    expect((await one.store.project(projectId))?.endpoints[0]?.secrets).toEqual([secret, old]);
    const { secret: third } = await one.endpoints.rotateSecret(projectId, endpoint.id, 0);
    expect((await one.store.project(projectId))?.endpoints[0]?.secrets).toEqual([third, old]);
  });

  it('gives each endpoint its own secrets, the oldest endpoint first', async () => {
    const urls = ['https://one.example/', 'https://two.example/', 'https://three.example/'];
    const secrets: string[][] = [];
    for (const url of urls) {
      const { endpoint, secret } = await one.endpoints.create(projectId, { url });
      secrets.push([(await one.endpoints.rotateSecret(projectId, endpoint.id, 60_000)).secret, secret]);
    }
    const endpoints = (await other.store.project(projectId))?.endpoints;
    expect(endpoints?.map(({ url }) => url)).toEqual(urls);
    expect(endpoints?.map((endpoint) => endpoint.secrets)).toEqual(secrets);
  });

  it('learns of a change by its age when no notice comes', async () => {
    const deaf = await harness.process({ notices: false, ttlMs: 100 });
    expect(await deaf.store.project(projectId)).toMatchObject({ name: 'Shop' });
    await one.projects.update(projectId, { name: 'Store' });
    const clock = jest.spyOn(performance, 'now').mockReturnValue(performance.now() + 1_000);
    expect(await deaf.store.project(projectId)).toMatchObject({ name: 'Store' });
    clock.mockRestore();
  });

  it('tells no project for an id that none can have', async () => {
    expect(await one.store.project('../etc')).toBeUndefined();
    expect(await one.store.project('00000000-0000-4000-8000-000000000000')).toBeUndefined();
  });

  it('writes the last use of keys behind the requests, and never goes back in time', async () => {
    const process = await harness.process();
    const owner = await process.store.authenticate(apiKey);
    await process.close();
    const key = await one.keys.find(projectId, owner?.keyId ?? '');
    expect(Date.now() - (key.lastUsedAt?.getTime() ?? 0)).toBeLessThan(10_000);
  });

  it('goes on with what it knows when the database is away, and says what it does not know', async () => {
    const process = await harness.process();
    const owner = await process.store.authenticate(apiKey);
    await process.store.project(projectId);
    await process.dataSource.destroy();
    const away = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const find = jest.spyOn(process.dataSource.manager, 'findOneBy').mockRejectedValue(away);
    jest.spyOn(process.dataSource.manager, 'find').mockRejectedValue(away);
    jest.spyOn(process.dataSource.manager, 'findBy').mockRejectedValue(away);
    jest.spyOn(process.dataSource.manager, 'query').mockRejectedValue(away);
    process.store.forget(projectId);
    expect(await process.store.authenticate(apiKey)).toEqual(owner);
    expect(await process.store.project(projectId)).toMatchObject({ name: 'Shop' });
    await expect(process.store.authenticate('mr_live_never_seen')).rejects.toThrow(ProjectStoreUnavailable);
    expect(find).toHaveBeenCalled();
  });
});
