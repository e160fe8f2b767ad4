import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { startProjectStore, type ProjectStoreHarness, type ProjectStoreProcess } from './testing/index.js';

const url = 'https://example.com/hook';
const at = new Date('2026-01-01T00:00:00.000Z');
const later = new Date('2026-01-02T00:00:00.000Z');

describe('the life of an endpoint', () => {
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
    ({ id } = (await process.endpoints.create(projectId, { url })).endpoint);
  });

  const find = () => process.endpoints.find(projectId, id);
  const loaded = async () => (await process.store.project(projectId))?.endpoints[0];

  /** How often the other processes are told of what `change` does. */
  const announcementsOf = async (change: () => Promise<unknown>): Promise<number> => {
    const forget = jest.spyOn(process.store, 'forget');
    await change();
    // Each announcement is heard twice here: by the process itself, and as its own notice.
    const count = forget.mock.calls.length / 2;
    forget.mockRestore();
    return count;
  };

  it('has one beginning of its failures, however often it fails', async () => {
    expect(await process.endpoints.noteFailing(projectId, id, at)).toBe(true);
    expect(await process.endpoints.noteFailing(projectId, id, later)).toBe(false);
    expect(await loaded()).toMatchObject({ failingSince: at.toISOString() });
    expect(await process.endpoints.noteHealthy(projectId, id)).toBe(true);
    expect(await process.endpoints.noteHealthy(projectId, id)).toBe(false);
    expect(await loaded()).toMatchObject({ failingSince: null });
  });

  it('is announced only when it changes', async () => {
    const { endpoints } = process;
    expect(await announcementsOf(() => endpoints.noteHealthy(projectId, id))).toBe(0);
    expect(await announcementsOf(() => endpoints.noteFailing(projectId, id, at))).toBe(1);
    expect(await announcementsOf(() => endpoints.noteFailing(projectId, id, later))).toBe(0);
    expect(await announcementsOf(() => endpoints.noteHealthy(projectId, id))).toBe(1);
    expect(await announcementsOf(() => endpoints.pause(projectId, id))).toBe(1);
    expect(await announcementsOf(() => endpoints.pause(projectId, id))).toBe(0);
    expect(await announcementsOf(() => endpoints.resume(projectId, id))).toBe(1);
    expect(await announcementsOf(() => endpoints.resume(projectId, id))).toBe(0);
    expect(await announcementsOf(() => endpoints.disable(projectId, id, 'Gone.'))).toBe(1);
    expect(await announcementsOf(() => endpoints.disable(projectId, id, 'Gone again.'))).toBe(0);
  });

  it('is switched off by exactly one of several who want to', async () => {
    const switched = await Promise.all([1, 2, 3, 4].map((n) => process.endpoints.disable(projectId, id, `By ${n}.`)));
    expect(switched.filter(Boolean)).toHaveLength(1);
    expect(await find()).toMatchObject({ active: false, disabledReason: `By ${switched.indexOf(true) + 1}.` });
  });

  it('is not touched from another project, and an id that none can have changes nothing', async () => {
    const stranger = await process.projects.create({ name: 'Other' });
    expect(await process.endpoints.noteFailing(stranger.id, id, at)).toBe(false);
    expect(await process.endpoints.disable(stranger.id, id, 'Not theirs.')).toBe(false);
    expect(await process.endpoints.noteFailing(projectId, 'url_abc', at)).toBe(false);
    expect(await find()).toMatchObject({ active: true, failingSince: null });
  });

  it('begins anew with a new URL: the failures were those of the old one', async () => {
    await process.endpoints.noteFailing(projectId, id, at);
    await process.endpoints.update(projectId, id, { url, description: 'the same URL' });
    expect(await find()).toMatchObject({ failingSince: at });
    await process.endpoints.update(projectId, id, { url: 'https://example.com/other' });
    expect(await find()).toMatchObject({ failingSince: null });
  });

  it.each(['pause', 'resume', 'rotateSecret'] as const)('begins anew after %s', async (change) => {
    if (change === 'resume') await process.endpoints.pause(projectId, id);
    await process.endpoints.noteFailing(projectId, id, at);
    await process.endpoints[change](projectId, id, 1_000);
    expect(await find()).toMatchObject({ failingSince: null });
  });

  it('keeps one current secret although it is rotated several times at once', async () => {
    await Promise.all([1, 2, 3].map(() => process.endpoints.rotateSecret(projectId, id, 60_000)));
    const rows: unknown = await process.dataSource.query(
      'SELECT count(*)::int FROM webhook_secrets WHERE endpoint_id = $1 AND expires_at IS NULL',
      [id],
    );
    expect(rows).toEqual([{ count: 1 }]);
    expect((await loaded())?.secrets).toHaveLength(4);
  });

  it('forgets secrets whose time is over when a new one is made', async () => {
    await process.endpoints.rotateSecret(projectId, id, 0);
    await process.endpoints.rotateSecret(projectId, id, 0);
    const rows: unknown[] = await process.dataSource.query('SELECT 1 FROM webhook_secrets WHERE endpoint_id = $1', [
      id,
    ]);
    expect(rows.length).toBeLessThanOrEqual(2);
  });
});
