import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { RecordConflict } from '../errors.js';
import type { SharedRecords } from '../shared-records.port.js';

const lifeMs = 60_000;
const anAddress = () => ({ kind: 'test', project: randomUUID(), key: 'k1' });

/** What every adapter of shared records does. `one` and `other` may be two processes. */
export function sharedRecordsContract(name: string, one: () => SharedRecords, other: () => SharedRecords): void {
  describe(`${name} as shared records`, () => {
    it('gives every process what one of them wrote', async () => {
      const address = anAddress();
      expect(await one().read(address)).toBeUndefined();
      const revision = await one().write(address, { words: ['Grüße 🌍', null, 1.5] }, { lifeMs });
      expect(await other().read(address)).toEqual({ value: { words: ['Grüße 🌍', null, 1.5] }, revision });
    });

    it('keeps records of other kinds, projects and keys apart', async () => {
      const address = anAddress();
      await one().write(address, 'mine', { lifeMs });
      for (const elsewhere of [{ kind: 'other' }, { project: randomUUID() }, { key: 'k2' }]) {
        expect(await one().read({ ...address, ...elsewhere })).toBeUndefined();
      }
    });

    it('lets exactly one of many make a record', async () => {
      const address = anAddress();
      const writers = Array.from({ length: 8 }, (_, index) => (index % 2 ? one() : other()));
      const outcomes = await Promise.allSettled(
        writers.map((records, index) => records.write(address, index, { lifeMs, expectedRevision: 0 })),
      );
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(RecordConflict);
      }
      const winner = outcomes.findIndex(({ status }) => status === 'fulfilled');
      expect((await one().read(address))?.value).toBe(winner);
    });

    it('refuses a change of what has been changed meanwhile, and stores nothing of it', async () => {
      const address = anAddress();
      const first = await one().write(address, 1, { lifeMs, expectedRevision: 0 });
      const second = await other().write(address, 2, { lifeMs, expectedRevision: first });
      const late = one().write(address, 3, { lifeMs, expectedRevision: first });
      await expect(late).rejects.toBeInstanceOf(RecordConflict);
      expect(await one().read(address)).toEqual({ value: 2, revision: second });
    });

    it('replaces whatever is there when no revision is expected', async () => {
      const address = anAddress();
      await one().write(address, 1, { lifeMs });
      await one().write(address, 2, { lifeMs });
      expect((await other().read(address))?.value).toBe(2);
    });

    it('forgets a record when its life is over, so that it can be made again', async () => {
      const address = anAddress();
      await one().write(address, 1, { lifeMs: 1_000 });
      let record = await one().read(address);
      while (record) record = await one().read(address);
      await other().write(address, 2, { lifeMs, expectedRevision: 0 });
      expect((await one().read(address))?.value).toBe(2);
    });
  });
}
