import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { EventLogUnavailable, type WaitingLine } from '@headrace/event-log';
import { startNats, waitFor, type TestNats } from '@headrace/testing';
import { jetstreamManager } from '@nats-io/jetstream';
import { randomUUID } from 'node:crypto';
import { openJetStream, type TestJetStream } from './testing/index.js';

let nats: TestNats;
const opened: TestJetStream[] = [];
let line: WaitingLine;

beforeAll(async () => {
  nats = await startNats();
});
afterAll(() => nats.stop());
beforeEach(() => {
  line = { project: randomUUID(), name: 'openai', priority: 'normal' };
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map(({ jetStream }) => jetStream.close()));
});

async function aProcess() {
  const one = await openJetStream(nats);
  opened.push(one);
  return one.jetStream.waitingLines;
}

async function managerOf() {
  const [first] = opened;
  if (!first) throw new Error('no process is open');
  return jetstreamManager(first.jetStream.connection.client);
}

const never = { channel: '', revision: 0 };
const requests = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ channel: randomUUID(), revision: at + 1 }));

describe('waiting lines on JetStream', () => {
  it('are left in the order in which they were joined', async () => {
    const lines = await aProcess();
    const waiting = requests(3);
    for (const request of waiting) await lines.join(line, request);
    const taken = [...(await lines.take(line, 1)), ...(await lines.take(line, 1)), ...(await lines.take(line, 5))];
    expect(taken).toMatchObject(waiting.map((request) => ({ ...request, count: 1 })));
  });

  it('are separate for each project, place and priority', async () => {
    const lines = await aProcess();
    const urgent = { ...line, priority: 'high' } as const;
    const elsewhere = { ...line, name: 'mistral' };
    const [usual = never, important = never] = requests(2);
    await lines.join(line, usual);
    await lines.join(urgent, important);
    expect(await lines.take(elsewhere, 1)).toEqual([]);
    expect(await lines.take(urgent, 2)).toMatchObject([important]);
    const mine = (await lines.list()).filter((each) => each.line.project === line.project);
    expect(mine).toEqual(
      expect.arrayContaining([
        { line, length: 1 },
        { line: urgent, length: 1 },
      ]),
    );
  });

  it('forget who is done', async () => {
    const lines = await aProcess();
    const [request = never] = requests(1);
    await lines.join(line, request);
    const [taken] = await lines.take(line, 1);
    taken?.done();
    await waitFor(async () => !(await lines.list()).some((each) => each.line.project === line.project));
    expect(await lines.take(line, 1)).toEqual([]);
  });

  it('are joined once by a request that joins again', async () => {
    const lines = await aProcess();
    const [request = never] = requests(1);
    await lines.join(line, request);
    await lines.join(line, request);
    expect(await lines.take(line, 5)).toHaveLength(1);
  });

  it('have whom a process gave back at the front again', async () => {
    const [one, other] = [await aProcess(), await aProcess()];
    const [front = never, second = never] = requests(2);
    await one.join(line, front);
    await one.join(line, second);
    const [first] = await one.take(line, 1);
    expect(await other.take(line, 1)).toMatchObject([second]);
    first?.giveBack();
    await waitFor(async () => {
      const [again] = await other.take(line, 1);
      return again?.channel === front.channel && again.count === 2;
    });
  });

  it('have whom a process that was killed had taken', async () => {
    const dying = await openJetStream(nats);
    const other = await aProcess();
    const [request = never] = requests(1);
    await dying.jetStream.waitingLines.join(line, request);
    expect(await dying.jetStream.waitingLines.take(line, 1)).toHaveLength(1);
    expect(await other.take(line, 1)).toEqual([]);
    await dying.jetStream.connection.client.close();
    await waitFor(async () => (await other.take(line, 1)).length === 1, { what: 'the request', timeoutMs: 15_000 });
  }, 30_000);

  it('are read again when their consumer is gone', async () => {
    const lines = await aProcess();
    const [request = never] = requests(1);
    await lines.join(line, request);
    const [taken] = await lines.take(line, 1);
    taken?.giveBack();
    const manager = await managerOf();
    await manager.consumers.delete('WAITING', `ai-runner_${line.project}_openai_normal`);
    await expect(lines.take(line, 1)).rejects.toThrow();
    expect(await lines.take(line, 1)).toMatchObject([{ ...request, count: 1 }]);
  });

  it('say so when the connection is closed', async () => {
    const one = await openJetStream(nats);
    await one.jetStream.waitingLines.take(line, 1);
    await one.jetStream.connection.client.close();
    await expect(one.jetStream.waitingLines.take(line, 1)).rejects.toThrow(EventLogUnavailable);
    await expect(one.jetStream.waitingLines.list()).rejects.toThrow(EventLogUnavailable);
  });
});
