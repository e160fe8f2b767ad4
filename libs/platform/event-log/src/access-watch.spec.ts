import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { AccessWatch } from './access-watch.js';
import { InMemoryAccessChecks } from './testing/in-memory-access-checks.js';

const byKey = { project: 'p1', keyId: 'k1' };
const everyMs = 30_000;
let checks: InMemoryAccessChecks;
let announce: (project: string) => void;
let ended: string[];
let watch: AccessWatch<string>;

beforeEach(() => {
  jest.useFakeTimers();
  checks = new InMemoryAccessChecks();
  ended = [];
  const notices = {
    listen: (onChange: (project: string) => void) => {
      announce = onChange;
      return { close: () => (announce = () => undefined) };
    },
  };
  watch = new AccessWatch<string>({ checks, notices, everyMs, onEnd: (member) => ended.push(member) });
});
afterEach(() => {
  watch.close();
  jest.useRealTimers();
});

/** Lets what was asked be answered. */
const settle = () => jest.advanceTimersByTimeAsync(0);

describe('what let somebody in', () => {
  it('is asked about once for all whom it let in, when their project changes, and ends with all of them', async () => {
    watch.add(byKey, 'one');
    watch.add(byKey, 'two');
    watch.add({ project: 'p1', keyId: 'k2' }, 'by another key');
    watch.add({ project: 'p2', keyId: 'k3' }, 'of another project');
    checks.end(byKey);
    announce('p1');
    await settle();
    expect(ended).toEqual(['one', 'two']);
    expect(checks.asked).toBe(2);
  });

  it('of the administrator ends with its project', async () => {
    watch.add({ project: 'p1', keyId: null }, 'one');
    checks.end(byKey);
    announce('p1');
    await settle();
    expect(ended).toEqual([]);
    checks.end({ project: 'p1', keyId: null });
    announce('p1');
    await settle();
    expect(ended).toEqual(['one']);
  });

  it('is asked about at intervals, as keys expire and notices get lost', async () => {
    watch.add(byKey, 'one');
    checks.end(byKey);
    await jest.advanceTimersByTimeAsync(everyMs - 1);
    expect(ended).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    expect(ended).toEqual(['one']);
  });

  it('counts as good while nobody can tell, and the others are not asked about in vain', async () => {
    watch.add(byKey, 'one');
    watch.add({ project: 'p2', keyId: 'k2' }, 'two');
    checks.end(byKey);
    checks.reachable = false;
    await jest.advanceTimersByTimeAsync(everyMs);
    expect([ended, checks.asked]).toEqual([[], 1]);
    checks.reachable = true;
    await jest.advanceTimersByTimeAsync(everyMs);
    expect(ended).toEqual(['one']);
  });

  it('is asked about again when it changed while the answer was on its way', async () => {
    watch.add(byKey, 'one');
    announce('p1');
    checks.end(byKey);
    announce('p1');
    await settle();
    expect(ended).toEqual(['one']);
  });

  it('is not asked about any more when nobody is left', async () => {
    watch.add(byKey, 'one');
    watch.remove(byKey, 'one');
    watch.remove(byKey, 'never added');
    announce('p1');
    await jest.advanceTimersByTimeAsync(2 * everyMs);
    expect([watch.size, checks.asked, jest.getTimerCount()]).toEqual([0, 0, 0]);
  });
});
