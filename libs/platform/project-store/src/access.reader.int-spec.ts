import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AccessReader } from './access.reader.js';
import { startProjectStore, type ProjectStoreHarness, type ProjectStoreProcess } from './testing/index.js';

let harness: ProjectStoreHarness;
let store: ProjectStoreProcess;
let reader: AccessReader;
let project: string;
let keyId: string;

beforeAll(async () => {
  harness = await startProjectStore();
  store = await harness.process();
  reader = new AccessReader(store.dataSource);
});
afterAll(() => harness.close());
beforeEach(async () => {
  ({ id: project } = await store.projects.create({ name: 'Shop' }));
  ({
    key: { id: keyId },
  } = await store.keys.create(project, { name: 'main', expiresInDays: 1 }));
});

const holds = (key: string | null, now?: Date): Promise<boolean> => reader.holds({ project, keyId: key }, now);

describe('access to a project', () => {
  it('holds with a key of it, until that is revoked', async () => {
    expect(await holds(keyId)).toBe(true);
    await store.keys.revoke(project, keyId);
    expect([await holds(keyId), await holds(null)]).toEqual([false, true]);
  });

  it('ends at the moment at which its key expires', async () => {
    const { expiresAt } = await store.keys.find(project, keyId);
    const end = expiresAt?.getTime() ?? 0;
    expect([await holds(keyId, new Date(end - 1)), await holds(keyId, new Date(end))]).toEqual([true, false]);
  });

  it('ends with the project, for the administrator too, and is back with it', async () => {
    await store.projects.update(project, { active: false });
    expect([await holds(keyId), await holds(null)]).toEqual([false, false]);
    await store.projects.update(project, { active: true });
    expect([await holds(keyId), await holds(null)]).toEqual([true, true]);
  });

  it('is none with the key of another project, nor to a project that there is not', async () => {
    const other = await store.projects.create({ name: 'Other' });
    expect(await reader.holds({ project: other.id, keyId })).toBe(false);
    expect(await reader.holds({ project: '0198d6a0-0000-7000-8000-00000000ffff', keyId: null })).toBe(false);
    for (const id of ['', 'no-project', "' OR 1=1 --"]) {
      expect(await reader.holds({ project: id, keyId: null })).toBe(false);
      expect(await holds(id)).toBe(false);
    }
  });
});
