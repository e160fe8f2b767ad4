import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openJetStream, type TestJetStream } from '@headrace/jetstream/testing';
import { startNats, type TestNats } from '@headrace/testing';
import { SharedBuckets } from './shared-buckets.js';

describe('a bucket that three replicas share over NATS', () => {
  let nats: TestNats;
  let replicas: TestJetStream[];

  beforeAll(async () => {
    nats = await startNats();
    replicas = [await openJetStream(nats), await openJetStream(nats), await openJetStream(nats)];
  });
  afterAll(async () => {
    await Promise.all(replicas.map(({ jetStream }) => jetStream.close()));
    await nats.stop();
  });

  it('lets through exactly what it holds', async () => {
    const now = Date.now();
    const buckets = replicas.map(({ jetStream }) => new SharedBuckets(jetStream.sharedRecords, () => now));
    const address = { kind: 'rate-limit', project: randomUUID(), key: 'k1' };
    const limit = { requests: 60, seconds: 60 };
    const outcomes = await Promise.all(
      Array.from({ length: 300 }, async (_, index) => buckets[index % 3]?.take(address, limit)),
    );
    expect(outcomes.filter((outcome) => outcome?.allowed)).toHaveLength(60);
  });
});
