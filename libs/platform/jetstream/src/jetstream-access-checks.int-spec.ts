import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ProjectAccess } from '@headrace/event-log';
import { startNats, type TestNats } from '@headrace/testing';
import { openJetStream, type TestJetStream } from './testing/index.js';

let nats: TestNats;
let asking: TestJetStream;
let answering: TestJetStream;

beforeAll(async () => {
  nats = await startNats();
  [asking, answering] = [await openJetStream(nats), await openJetStream(nats)];
});
afterAll(async () => {
  await Promise.all([asking.jetStream.close(), answering.jetStream.close()]);
  await nats.stop();
});

const byKey: ProjectAccess = { project: 'project-1', keyId: 'key-1' };

/** Has a process answer while a test runs. */
async function whileAnswered(check: (access: ProjectAccess) => Promise<boolean>, test: () => Promise<void>) {
  const { accessChecks, connection } = answering.jetStream;
  const subscriptions = [accessChecks.answer(check), accessChecks.answer(check)];
  await connection.flush();
  await test();
  for (const subscription of subscriptions) subscription.close();
  await connection.flush();
}

describe('whether an access still holds', () => {
  const stillHolds = (access: ProjectAccess) => asking.jetStream.accessChecks.stillHolds(access);

  it('is asked once, of one of those who know', async () => {
    const asked: ProjectAccess[] = [];
    const check = (access: ProjectAccess) => {
      asked.push(access);
      return Promise.resolve(access.keyId === null);
    };
    await whileAnswered(check, async () => {
      expect(await stillHolds(byKey)).toBe(false);
      expect(await stillHolds({ ...byKey, keyId: null })).toBe(true);
    });
    expect(asked).toEqual([byKey, { ...byKey, keyId: null }]);
  });

  it('cannot be told when who knows fails, nor when nobody does', async () => {
    await whileAnswered(
      () => Promise.reject(new Error('the database is away')),
      async () => expect(await stillHolds(byKey)).toBeUndefined(),
    );
    expect(await stillHolds(byKey)).toBeUndefined();
  });

  it('cannot be told of what can be no project', async () => {
    expect(await stillHolds({ project: 'a.b', keyId: null })).toBeUndefined();
  });
});
