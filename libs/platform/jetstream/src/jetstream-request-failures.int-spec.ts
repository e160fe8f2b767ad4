import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aFailedEvent, anAcceptedEvent, aRequestAddress } from '@headrace/event-log/testing';
import { startNats, type TestNats } from '@headrace/testing';
import { openJetStream, Queue, type TestJetStream } from './testing/index.js';

let nats: TestNats;
let one: TestJetStream;
let other: TestJetStream;

beforeAll(async () => {
  nats = await startNats();
  [one, other] = [await openJetStream(nats), await openJetStream(nats)];
});
afterAll(async () => {
  await Promise.all([one.jetStream.close(), other.jetStream.close()]);
  await nats.stop();
});

describe('failures of requests', () => {
  it('of every project are told once they are stored, and nothing else is', async () => {
    const heard = new Queue<string>();
    const { requestFailures, connection } = one.jetStream;
    const following = requestFailures.follow((project, channel) => heard.put(`${project} ${channel}`));
    await connection.flush();
    const [first, second] = [aRequestAddress('project-1'), aRequestAddress('project-2')];
    const log = other.jetStream.eventLog;
    for (const address of [first, second]) await log.append(address, anAcceptedEvent());
    for (const address of [first, second]) await log.append(address, aFailedEvent());
    expect([await heard.take(), await heard.take()]).toEqual([
      `${first.project} ${first.channel}`,
      `${second.project} ${second.channel}`,
    ]);
    following.close();
    await connection.flush();
    await log.append(aRequestAddress(), aFailedEvent());
    await connection.flush();
    expect(heard.left).toEqual([]);
  });
});
