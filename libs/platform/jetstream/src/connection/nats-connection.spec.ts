import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { JetStreamSettings } from '../jetstream.settings.js';
import { RecordingLogger } from '../testing/index.js';
import { NatsConnection } from './nats-connection.js';

const settings = Object.assign(new JetStreamSettings(), { connectTimeoutMs: 0 });
const servers: Server[] = [];
const sockets: Socket[] = [];

/** A server that greets as a nats-server of that kind does, and answers pings. */
async function aServerThatSays(greeting: object, onConnect = 'PONG\r\n'): Promise<string> {
  const server = createServer((socket) => {
    sockets.push(socket);
    const info = { server_id: 'ID', max_payload: 1_048_576, headers: true, proto: 1, ...greeting };
    socket.write(`INFO ${JSON.stringify(info)}\r\n`);
    socket.on('data', (data) => data.includes('PING') && socket.write(onConnect));
    socket.on('error', () => undefined);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const open = (url: string) => NatsConnection.open({ url, name: 'test', settings }, new RecordingLogger());

describe('connecting to NATS', () => {
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
    for (const socket of sockets.splice(0)) socket.destroy();
  });

  it('refuses a server that is too old, and says what is needed and what to do', async () => {
    const address = await aServerThatSays({ version: '2.9.25', jetstream: true });
    await expect(open(address)).rejects.toThrow(
      `NATS at ${address} is 2.9.25; message schedules need 2.12 or newer: ` +
        'upgrade nats-server, or leave NATS_URL empty to use the embedded one.',
    );
  });

  it('refuses a server without JetStream, and says how to switch it on', async () => {
    const address = await aServerThatSays({ version: '2.12.0' });
    await expect(open(address)).rejects.toThrow(`NATS at ${address} runs without JetStream: start it with -js`);
  });

  it('takes a server that is new enough', async () => {
    const connection = await open(await aServerThatSays({ version: '3.0.0', jetstream: true }));
    expect(connection.isConnected).toBe(true);
    expect(connection.maxPayload).toBe(1_048_576);
    await connection.client.close();
    expect(connection.isConnected).toBe(false);
  });

  it('says where nothing listens', async () => {
    const address = await aServerThatSays({ version: '2.12.0' });
    await new Promise((resolve) => servers.splice(0)[0]?.close(resolve));
    await expect(open(`nats://${address}`)).rejects.toThrow(`NATS at ${address} cannot be reached`);
  });

  it('says where credentials belong when they are refused, without showing them', async () => {
    const address = await aServerThatSays(
      { version: '2.12.0', jetstream: true, auth_required: true },
      "-ERR 'Authorization Violation'\r\n",
    );
    const refused = open(`nats://me:secret@${address}`);
    await expect(refused).rejects.toThrow(`NATS at ${address} refuses our credentials: put them into NATS_URL`);
    await expect(refused).rejects.not.toThrow('secret');
  });

  it('waits for a server that is not up yet', async () => {
    const address = await aServerThatSays({ version: '2.12.0', jetstream: true });
    const [, port] = address.split(':');
    await new Promise((resolve) => servers[0]?.close(resolve));
    const patient = Object.assign(new JetStreamSettings(), { connectTimeoutMs: 10_000 });
    const opening = NatsConnection.open({ url: address, name: 'test', settings: patient }, new RecordingLogger());
    servers[0]?.listen(Number(port), '127.0.0.1');
    const connection = await opening;
    expect(connection.isConnected).toBe(true);
    await connection.client.close();
  });
});
