import { describe, expect, it } from '@jest/globals';
import { callbackDeadlineTimer } from '@headrace/contracts';
import { InMemoryTimers } from './in-memory-timers.js';

const key = { project: 'p', channel: 'c', key: 'deadline' };
const at = (seconds: number) => new Date(seconds * 1_000);

describe('timers in memory', () => {
  it('fire in order once their time has come', async () => {
    const timers = new InMemoryTimers();
    await timers.schedule(callbackDeadlineTimer, key, at(20), { revision: 2 });
    await timers.schedule(callbackDeadlineTimer, { ...key, channel: 'd' }, at(10), { revision: 1 });
    expect(timers.fireUntil(at(9))).toEqual([]);
    expect(timers.fireUntil(at(20)).map(({ data }) => data)).toEqual([{ revision: 1 }, { revision: 2 }]);
    expect(timers.waiting).toEqual([]);
  });

  it('are replaced by a newer one of the same key, and forgotten when cancelled', async () => {
    const timers = new InMemoryTimers();
    await timers.schedule(callbackDeadlineTimer, key, at(10), { revision: 1 });
    await timers.schedule(callbackDeadlineTimer, key, at(30), { revision: 2 });
    expect(timers.fireUntil(at(29))).toEqual([]);
    await timers.cancel(callbackDeadlineTimer, key);
    expect(timers.fireUntil(at(40))).toEqual([]);
  });
});
