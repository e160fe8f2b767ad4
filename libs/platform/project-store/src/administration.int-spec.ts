import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ChangeRefused } from './project-store.errors.js';
import { startProjectStore, type ProjectStoreHarness, type ProjectStoreProcess } from './testing/index.js';

const actor = 'key:1';
const all = { limit: 100 };
const aWorkflow = (name = 'demo') => ({ name, provider: 'offline', model: 'any' });

describe('changing the configuration', () => {
  let harness: ProjectStoreHarness;
  let process: ProjectStoreProcess;
  let projectId: string;

  beforeAll(async () => {
    harness = await startProjectStore();
    process = await harness.process();
  });
  afterAll(() => harness.close());
  beforeEach(async () => {
    ({ id: projectId } = await process.projects.create({ name: 'Shop' }));
  });

  const refusal = async (change: Promise<unknown>): Promise<ChangeRefused> => {
    const error: unknown = await change.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ChangeRefused);
    return error as ChangeRefused;
  };

  it('gives a new workflow defaults for all that is not said', async () => {
    const created = await process.workflows.create(projectId, { ...aWorkflow(), timeoutMs: undefined }, actor);
    expect(await process.workflows.find(projectId, created.id)).toMatchObject({
      mode: 'production',
      timeoutMs: 60_000,
      cacheFields: [],
      version: 1,
    });
  });

  it('finds a workflow by name as well, but not that of another project', async () => {
    const created = await process.workflows.create(projectId, aWorkflow(), actor);
    expect(await process.workflows.find(projectId, 'demo')).toMatchObject({ id: created.id });
    const stranger = await process.projects.create({ name: 'Other' });
    expect(await refusal(process.workflows.find(stranger.id, created.id))).toMatchObject({ code: 'not_found' });
  });

  it('refuses a second workflow of the same name, and leaves no trace of it', async () => {
    await process.workflows.create(projectId, aWorkflow(), actor);
    expect(await refusal(process.workflows.create(projectId, aWorkflow(), actor))).toMatchObject({
      code: 'conflict',
      param: 'name',
    });
    await process.workflows.create(projectId, aWorkflow('other'), actor);
    expect(await refusal(process.workflows.update(projectId, 'other', { name: 'demo' }, actor))).toMatchObject({
      code: 'conflict',
    });
    expect((await process.workflows.versions(projectId, 'other', all)).map(({ number }) => number)).toEqual([1]);
  });

  it('keeps every version of a workflow with who made it', async () => {
    await process.workflows.create(projectId, aWorkflow(), actor);
    await process.workflows.update(projectId, 'demo', { model: 'large', description: 'Better.' }, 'key:2');
    await process.workflows.update(projectId, 'demo', { description: null }, 'admin');
    const versions = await process.workflows.versions(projectId, 'demo', all);
    expect(versions).toMatchObject([
      { number: 3, actor: 'admin', definition: { model: 'large', description: null } },
      { number: 2, actor: 'key:2', definition: { model: 'large', description: 'Better.' } },
      { number: 1, actor: 'key:1', definition: { model: 'any' } },
    ]);
  });

  it('makes changes of one workflow at the same time follow one another', async () => {
    await process.workflows.create(projectId, aWorkflow(), actor);
    const changes = [1, 2, 3, 4, 5].map((n) =>
      process.workflows.update(projectId, 'demo', { testDelayMs: n * 100 }, actor),
    );
    await Promise.all(changes);
    const versions = await process.workflows.versions(projectId, 'demo', all);
    expect(versions.map(({ number }) => number)).toEqual([6, 5, 4, 3, 2, 1]);
  });

  it('makes no version of a change that changes nothing', async () => {
    await process.workflows.create(projectId, aWorkflow(), actor);
    expect(await process.workflows.update(projectId, 'demo', { model: 'any' }, actor)).toMatchObject({ version: 1 });
  });

  it('takes only a structured output of the same project', async () => {
    const stranger = await process.projects.create({ name: 'Other' });
    const theirs = await process.outputs.create(stranger.id, { name: 'A', schema: {}, sampleData: null });
    for (const structuredOutputId of [theirs.id, 'nonsense']) {
      const creating = process.workflows.create(projectId, { ...aWorkflow(), structuredOutputId }, actor);
      expect(await refusal(creating)).toMatchObject({ code: 'invalid', param: 'structured_output_id' });
    }
  });

  it('does not remove a structured output in use, and says who uses it', async () => {
    const output = await process.outputs.create(projectId, { name: 'A', schema: {}, sampleData: null });
    await process.workflows.create(projectId, { ...aWorkflow(), structuredOutputId: output.id }, actor);
    const refused = await refusal(process.outputs.remove(projectId, output.id));
    expect(refused.code).toBe('conflict');
    expect(refused.message).toContain('"demo"');
    await process.workflows.remove(projectId, 'demo');
    await process.outputs.remove(projectId, 'A');
    expect(await refusal(process.outputs.find(projectId, output.id))).toMatchObject({ code: 'not_found' });
  });

  it('has one credential of each provider, shown masked', async () => {
    const credential = { provider: 'openai', apiKey: 'sk-proj-0123456789abcdef', baseUrl: null };
    const created = await process.credentials.create(projectId, credential);
    expect(created.apiKeyHint).toBe('••••cdef');
    expect(await refusal(process.credentials.create(projectId, credential))).toMatchObject({ param: 'provider' });
    const changed = await process.credentials.update(projectId, 'openai', { apiKey: null, baseUrl: 'http://ai/v1' });
    expect(changed).toMatchObject({ apiKey: null, apiKeyHint: null, baseUrl: 'http://ai/v1' });
  });

  it('remembers why the system switched an endpoint off, until somebody switches it on', async () => {
    const endpoint = { url: 'https://example.com/', description: null, events: null };
    const { endpoint: created } = await process.endpoints.create(projectId, endpoint);
    await process.endpoints.disable(projectId, created.id, 'The endpoint answered 410.');
    expect(await process.endpoints.find(projectId, created.id)).toMatchObject({
      active: false,
      disabledReason: 'The endpoint answered 410.',
    });
    await process.endpoints.update(projectId, created.id, { active: true });
    expect(await process.endpoints.find(projectId, created.id)).toMatchObject({ active: true, disabledReason: null });
  });

  it('takes a key that exists elsewhere once only', async () => {
    const key = { name: 'old', expiresInDays: null, value: `key-of-${projectId}` };
    await process.keys.create(projectId, key);
    expect(await refusal(process.keys.create(projectId, key))).toMatchObject({ code: 'conflict' });
  });

  it('lists in pages, newest first, each entry once', async () => {
    const names = Array.from({ length: 7 }, (_, index) => `w${index}`);
    await Promise.all(names.map((name) => process.workflows.create(projectId, aWorkflow(name), actor)));
    const seen: string[] = [];
    let after: { createdAt: Date; id: string } | undefined;
    do {
      const page = await process.workflows.list(projectId, { limit: 3, after });
      expect(page.items.length).toBeLessThanOrEqual(3);
      seen.push(...page.items.map(({ name }) => name));
      after = page.next ?? undefined;
    } while (after);
    expect(seen.toSorted()).toEqual(names);
    expect((await process.workflows.list(projectId, { limit: 3 }, 'w4')).items).toMatchObject([{ name: 'w4' }]);
  });
});
