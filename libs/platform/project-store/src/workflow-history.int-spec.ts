import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { keptVersions } from './administration/workflow-history.js';
import { WorkflowVersionEntity } from './entities/workflow-version.entity.js';
import { startProjectStore, type ProjectStoreHarness, type ProjectStoreProcess } from './testing/index.js';

const actor = 'key:1';
const all = { limit: 1_000 };

describe('the history of a workflow', () => {
  let harness: ProjectStoreHarness;
  let process: ProjectStoreProcess;
  let projectId: string;
  let id: string;

  beforeAll(async () => {
    harness = await startProjectStore();
    process = await harness.process();
  });
  afterAll(() => harness.close());
  beforeEach(async () => {
    ({ id: projectId } = await process.projects.create({ name: 'Shop' }));
    const workflow = { name: 'demo', provider: 'offline', model: 'small', parameters: { temperature: 0 } };
    ({ id } = await process.workflows.create(projectId, workflow, actor));
  });

  const numbers = async () => (await process.workflows.versions(projectId, id, all)).map(({ number }) => number);

  it('brings an earlier version back as a new one, which says where it came from', async () => {
    await process.workflows.update(projectId, id, { model: 'large', parameters: {}, eventName: 'ready' }, actor);
    const restored = await process.workflows.restore(projectId, id, 1, 'key:2');
    expect(restored).toMatchObject({ version: 3, model: 'small', parameters: { temperature: 0 }, eventName: null });
    expect(await process.workflows.versions(projectId, id, all)).toMatchObject([
      { number: 3, actor: 'key:2', restoredFrom: 1, definition: { model: 'small' } },
      { number: 2, restoredFrom: null, definition: { model: 'large' } },
      { number: 1, restoredFrom: null },
    ]);
    expect((await process.store.project(projectId))?.workflows.get('demo')).toMatchObject({ version: 3 });
  });

  it('leaves a workflow the name by which it is called now', async () => {
    await process.workflows.update(projectId, id, { name: 'renamed', model: 'large' }, actor);
    expect(await process.workflows.restore(projectId, id, 1, actor)).toMatchObject({ name: 'renamed', model: 'small' });
  });

  it('does not bring back a structured output that is gone', async () => {
    const output = await process.outputs.create(projectId, { name: 'A', schema: {}, sampleData: null });
    await process.workflows.update(projectId, id, { structuredOutputId: output.id }, actor);
    await process.workflows.update(projectId, id, { structuredOutputId: null }, actor);
    await process.outputs.remove(projectId, output.id);
    await expect(process.workflows.restore(projectId, id, 2, actor)).rejects.toMatchObject({
      code: 'invalid',
      param: 'structured_output_id',
    });
    expect(await numbers()).toEqual([3, 2, 1]);
  });

  it('is asked what a restored version would be before it is written', async () => {
    await process.workflows.update(projectId, id, { model: 'large' }, actor);
    const refuse = ({ model }: { model: string }) => {
      throw new Error(`not ${model}`);
    };
    await expect(process.workflows.restore(projectId, id, 1, actor, refuse)).rejects.toThrow('not small');
    expect(await numbers()).toEqual([2, 1]);
  });

  it('gives pages, and single versions, and says which there are', async () => {
    for (const model of ['b', 'c', 'd']) await process.workflows.update(projectId, id, { model }, actor);
    const page = await process.workflows.versions(projectId, id, { limit: 2, before: 4 });
    expect(page.map(({ number }) => number)).toEqual([3, 2]);
    expect(await process.workflows.version(projectId, id, 3)).toMatchObject({ definition: { model: 'c' } });
    await expect(process.workflows.version(projectId, id, 5)).rejects.toMatchObject({
      code: 'not_found',
      message: expect.stringContaining('versions 1 to 4'),
    });
  });

  it('keeps the newest only, and never uses a number again', async () => {
    const { dataSource } = process;
    await dataSource.query('UPDATE workflows SET version = $2 WHERE id = $1', [id, keptVersions]);
    const last = await process.workflows.update(projectId, id, { model: 'large' }, actor);
    expect(last.version).toBe(keptVersions + 1);
    expect(await numbers()).toEqual([keptVersions + 1]);
  });

  it('reads a version from before today’s fields with what they stood for', async () => {
    const old = { name: 'demo', provider: 'offline', model: 'old', description: null };
    const versions = process.dataSource.getRepository(WorkflowVersionEntity);
    await versions.update({ workflowId: id, number: 1 }, { definition: old });
    expect(await process.workflows.version(projectId, id, 1)).toMatchObject({
      definition: { model: 'old', retry: null, repairAttempts: 1, priority: 'normal', stream: null },
    });
  });
});
