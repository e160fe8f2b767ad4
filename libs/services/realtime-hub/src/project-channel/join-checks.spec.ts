import { describe, expect, it } from '@jest/globals';
import { JoinChecks } from './join-checks.js';

describe('whether those may join who come at the same time', () => {
  it('is asked once for each access, and anew of who comes later', async () => {
    const asked: unknown[] = [];
    const gate = Promise.withResolvers<undefined>();
    const checks = new JoinChecks({
      stillHolds: async (access) => {
        asked.push(access);
        await gate.promise;
        return access.keyId !== 'ended';
      },
    });
    const byKey = { project: 'p1', keyId: 'k1' };
    const accesses = [
      byKey,
      { project: 'p1', keyId: 'ended' },
      { project: 'p1', keyId: null },
      { ...byKey, project: 'p2' },
    ];
    const answers = Promise.all([...accesses, ...accesses].map((access) => checks.stillHolds(access)));
    gate.resolve(undefined);
    expect(await answers).toEqual([true, false, true, true, true, false, true, true]);
    expect(asked).toEqual(accesses);
    await checks.stillHolds(byKey);
    expect(asked).toEqual([...accesses, byKey]);
  });
});
