import { connect, createServer, type AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { aRequestAddress, anAcceptedEvent } from '@headrace/event-log/testing';
import { startNats, type TestNats } from '@headrace/testing';
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { openJetStream, type TestJetStream } from '../testing/index.js';
import { applyTopology } from './apply-topology.js';
import { describeDifference } from './describe-difference.js';
import { planTopology } from './plan-topology.js';
import { readTopology } from './read-topology.js';
import { wantedTopology } from './wanted-topology.js';

const wanted = wantedTopology(1);
let nats: TestNats;
let opened: TestJetStream;
let manager: JetStreamManager;

beforeAll(async () => {
  nats = await startNats();
});
afterAll(() => nats.stop());
beforeEach(async () => {
  opened = await openJetStream(nats);
  manager = await jetstreamManager(opened.jetStream.connection.client);
});
afterEach(() => opened.jetStream.close());

const differences = async () => planTopology(wanted, await readTopology(manager, wanted)).map(describeDifference);

/** A line to the server which loses what fits of what is said to it. */
async function forgetful(url: string, loses: (said: string) => boolean) {
  const { hostname: host, port } = new URL(url);
  const line = createServer((client) => {
    const server = connect({ host, port: Number(port) });
    client.on('data', (said) => loses(said.toString('latin1')) || server.write(said));
    server.pipe(client);
    for (const socket of [client, server]) {
      socket.on('error', () => undefined).on('close', () => [client, server].forEach((one) => one.destroy()));
    }
  });
  await new Promise<void>((resolve) => line.listen(0, '127.0.0.1', resolve));
  return {
    url: `nats://127.0.0.1:${(line.address() as AddressInfo).port}`,
    stop: () => new Promise((resolve) => line.close(resolve)),
  };
}

describe('the topology on a real server', () => {
  it('leaves nothing to do once it is applied', async () => {
    await expect(differences()).resolves.toEqual([]);
    expect(opened.jetStream.isHealthy()).toBe(true);
    expect(opened.logger.about('JetStream topology')).toHaveLength(wanted.streams.length + wanted.consumers.length);
  });

  it('says nothing and changes nothing at the next start', async () => {
    const second = await openJetStream(nats);
    expect(second.logger.about('JetStream topology')).toEqual([]);
    await second.jetStream.close();
  });

  it('prints an edit and takes it back at the next start', async () => {
    await manager.streams.update('EVENTS', { max_age: 86_400e9, max_bytes: 100_000_000 });
    await manager.consumers.update('EVENTS', 'timeline-projector', { max_ack_pending: 7 });
    await expect(differences()).resolves.toEqual([
      'stream EVENTS: max_age 1d → 30d',
      'consumer EVENTS/timeline-projector: max_ack_pending 7 → 5000',
    ]);
    const second = await openJetStream(nats);
    await expect(differences()).resolves.toEqual([]);
    expect((await manager.streams.info('EVENTS')).config.max_bytes).toBe(100_000_000);
    await second.jetStream.close();
  });

  it('keeps dead letters for as long as is wanted, also where they are kept for another time already', async () => {
    const topology = wantedTopology(1, undefined, 7 * 86_400_000);
    const plan = planTopology(topology, await readTopology(manager, topology));
    expect(plan.map(describeDifference)).toEqual(['stream DLQ: max_age 30d → 7d']);
    await applyTopology(manager, plan);
    expect((await manager.streams.info('DLQ')).config.max_age).toBe(7 * 86_400e9);
  });

  it('says what to do when the server cannot have it', async () => {
    await manager.streams.delete('DLQ');
    await manager.streams.add({ name: 'OTHERS', subjects: ['dlq.delivery.>'] });
    await expect(openJetStream(nats)).rejects.toThrow(
      /^NATS refused "stream DLQ: create, for dlq\.>": .*Another stream has these subjects: remove it/,
    );
    await manager.streams.delete('OTHERS');
    await expect(
      openJetStream(nats, { settings: { replicas: 1 } }).then(({ jetStream }) => jetStream.close()),
    ).resolves.toBe(undefined);
  });

  it('is made again while running when an append finds its stream gone', async () => {
    const before = await opened.jetStream.eventLog.append(aRequestAddress(), anAcceptedEvent());
    await manager.streams.delete('EVENTS');
    const address = aRequestAddress();
    const append = () => opened.jetStream.eventLog.append(address, anAcceptedEvent(), { expectedRevision: 0 });
    await expect(append()).rejects.toThrow('it is being made again');
    expect(opened.jetStream.isHealthy()).toBe(false);
    await opened.jetStream.topology.ensure();
    await expect(append()).resolves.toBeGreaterThan(before);
    await expect(differences()).resolves.toEqual([]);
  });

  it('is made again when the server comes back with an empty store, at places never used before', async () => {
    const { eventLog, topology } = opened.jetStream;
    const before = await eventLog.append(aRequestAddress(), anAcceptedEvent());
    await nats.kill();
    await nats.restartEmpty();
    await opened.logger.said('NATS is back');
    await topology.ensure();
    await expect(differences()).resolves.toEqual([]);
    const address = aRequestAddress();
    const after = await eventLog.append(address, anAcceptedEvent(), { expectedRevision: 0 });
    expect(after).toBeGreaterThan(before);
    await expect(eventLog.readChannel(address.project, address.channel)).resolves.toMatchObject([{ sequence: after }]);
    expect(opened.jetStream.isHealthy()).toBe(true);
  });

  it('is asked for again at a start when the server was too busy to answer', async () => {
    let asked = 0;
    const line = await forgetful(nats.url, (said) => said.includes('$JS.API.STREAM.INFO') && (asked += 1) === 1);
    const { jetStream } = await openJetStream(line, { settings: { requestTimeoutMs: 200 } });
    expect(asked).toBeGreaterThan(1);
    expect(jetStream.isHealthy()).toBe(true);
    await jetStream.close();
    await line.stop();
  });

  it('shares the work of processes that start at once', async () => {
    await Promise.all(wanted.streams.map(({ name }) => manager.streams.delete(name)));
    const starts = await Promise.all(Array.from({ length: 6 }, () => openJetStream(nats)));
    await expect(differences()).resolves.toEqual([]);
    await Promise.all(starts.map(({ jetStream }) => jetStream.close()));
  });
});
