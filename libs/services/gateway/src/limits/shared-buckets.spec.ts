import { describe, expect, it } from '@jest/globals';
import { EventLogUnavailable } from '@headrace/event-log';
import { InMemorySharedRecords } from '@headrace/event-log/testing';
import { SharedBuckets } from './shared-buckets.js';

const address = { kind: 'rate-limit', project: 'p1', key: 'k1' };

/** Processes on one clock and one store. */
function processes(count: number) {
  const records = new InMemorySharedRecords();
  const clock = { now: Date.now() };
  return { records, clock, buckets: Array.from({ length: count }, () => new SharedBuckets(records, () => clock.now)) };
}

async function allowedOf(
  buckets: readonly SharedBuckets[],
  asks: number,
  limit: { requests: number; seconds: number },
) {
  const outcomes = await Promise.all(
    Array.from({ length: asks }, async (_, index) => buckets[index % buckets.length]?.take(address, limit)),
  );
  return outcomes.filter((outcome) => outcome?.allowed).length;
}

describe('a bucket that processes share', () => {
  it('gives away what it holds and not one more, whoever asks', async () => {
    const { buckets } = processes(4);
    expect(await allowedOf(buckets, 100, { requests: 20, seconds: 60 })).toBe(20);
  });

  it('tells the last one when to come back, and is right', async () => {
    const { buckets, clock } = processes(2);
    const limit = { requests: 2, seconds: 10 };
    expect(await allowedOf(buckets, 2, limit)).toBe(2);
    const refused = await buckets[0]?.take(address, limit);
    expect(refused).toMatchObject({ allowed: false, remaining: 0, retryInMs: 5_000 });
    clock.now += 4_999;
    expect(await allowedOf(buckets, 2, limit)).toBe(0);
    clock.now += 1;
    expect(await allowedOf(buckets, 2, limit)).toBe(1);
  });

  it('says how many tokens are left', async () => {
    const { buckets } = processes(1);
    const limit = { requests: 5, seconds: 50 };
    expect(await buckets[0]?.take(address, limit)).toEqual({
      allowed: true,
      remaining: 4,
      fullInMs: 10_000,
      retryInMs: 0,
    });
    expect(await buckets[0]?.take(address, limit)).toMatchObject({ remaining: 3 });
  });

  it('asks the store seldom where much flows, and not at all once it is empty', async () => {
    const { records, clock } = processes(0);
    let asked = 0;
    const counted = new Proxy(records, {
      get: (target, name) => {
        asked += name === 'write' || name === 'read' ? 1 : 0;
        return (Reflect.get(target, name) as (...args: unknown[]) => unknown).bind(target);
      },
    });
    const bucket = new SharedBuckets(counted, () => clock.now);
    const limit = { requests: 1_000, seconds: 1 };
    for (let index = 0; index < 1_000; index += 1) expect((await bucket.take(address, limit)).allowed).toBe(true);
    expect(asked).toBeLessThanOrEqual(22);
    asked = 0;
    for (let index = 0; index < 100; index += 1) expect((await bucket.take(address, limit)).allowed).toBe(false);
    expect(asked).toBe(0);
  });

  it('takes back what a process leased and did not use for a second', async () => {
    const { buckets, clock } = processes(1);
    const limit = { requests: 100, seconds: 1 };
    await buckets[0]?.take(address, limit);
    clock.now += 10_000;
    expect(await allowedOf(buckets, 300, limit)).toBe(100);
  });

  it('has again a token that was given back', async () => {
    const { buckets } = processes(1);
    const limit = { requests: 1, seconds: 60 };
    await buckets[0]?.take(address, limit);
    buckets[0]?.giveBack(address);
    expect(await allowedOf(buckets, 3, limit)).toBe(1);
  });

  it('lets everybody through while the store is away', async () => {
    const away = () => Promise.reject(new EventLogUnavailable('away'));
    const bucket = new SharedBuckets({ read: away, write: away });
    expect(await allowedOf([bucket], 10, { requests: 1, seconds: 60 })).toBe(10);
  });
});
