import { afterAll, beforeAll } from '@jest/globals';
import { sharedRecordsContract } from '@headrace/event-log/testing';
import { startNats, type TestNats } from '@headrace/testing';
import { openJetStream, type TestJetStream } from './testing/index.js';

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

sharedRecordsContract(
  'The JetStream adapter',
  () => one.jetStream.sharedRecords,
  () => other.jetStream.sharedRecords,
);
