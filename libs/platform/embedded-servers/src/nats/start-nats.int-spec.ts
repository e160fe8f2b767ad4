import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect as connectSocket, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { makeDataDir, removeDataDir } from '../testing/data-dir.js';
import { startEmbeddedNats, type EmbeddedNats } from './start-nats.js';

describe('the embedded nats-server', () => {
  let dataDir: string;
  let running: EmbeddedNats[];
  beforeEach(() => {
    dataDir = makeDataDir();
    running = [];
  });
  afterEach(async () => {
    for (const server of running) await server.stop();
    removeDataDir(dataDir);
  });

  async function start(more: { port?: number; binary?: string } = {}): Promise<EmbeddedNats> {
    const binary = process.env['NATS_SERVER_BIN'];
    const server = await startEmbeddedNats({ dataDir, binary, log: () => undefined, ...more });
    running.push(server);
    return server;
  }

  it('keeps messages and its port over a stop and a start', async () => {
    const first = await start();
    const connection = await connect({ servers: first.url });
    await (await jetstreamManager(connection)).streams.add({ name: 'KEPT', subjects: ['kept'] });
    await jetstream(connection).publish('kept', 'hello');
    await connection.close();
    await first.stop();

    const second = await start();
    expect(second.url).toBe(first.url);
    const again = await connect({ servers: second.url });
    expect((await (await jetstreamManager(again)).streams.info('KEPT')).state.messages).toBe(1);
    await again.close();
  });

  it('takes messages of up to 8 MiB and listens on 127.0.0.1 only', async () => {
    const { url, port } = await start();
    const connection = await connect({ servers: url });
    expect(connection.info?.max_payload).toBe(8 * 1024 * 1024);
    await connection.close();
    expect(readFileSync(join(dataDir, 'nats', 'nats.conf'), 'utf8')).toContain(`listen: "127.0.0.1:${port}"`);
  });

  it('does not cut off who is behind by many large messages for a moment', async () => {
    const { url, port } = await start();
    const behind = connectSocket(port, '127.0.0.1').on('error', () => undefined);
    behind.write('CONNECT {"verbose":false}\r\nSUB large 1\r\nPING\r\n');
    for await (const chunk of behind.iterator({ destroyOnReturn: false })) if (String(chunk).includes('PONG')) break;
    behind.pause();
    const connection = await connect({ servers: url });
    const message = new Uint8Array(1024 * 1024);
    for (let count = 0; count < 100; count += 1) connection.publish('large', message);
    await connection.flush();
    await connection.close();
    let received = 0;
    for await (const chunk of behind) {
      received += (chunk as Buffer).length;
      if (received > 100 * message.length) break;
    }
    expect(received).toBeGreaterThan(100 * message.length);
  });

  it('says in one sentence that a wanted port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    await expect(start({ port })).rejects.toMatchObject({
      code: 'port_taken',
      message: `Port ${port} for NATS is taken by another program: stop that program, or choose another port.`,
    });
    other.close();
  });

  it('takes another port when the remembered one is taken', async () => {
    const first = await start();
    await first.stop();
    const other = createServer().listen(first.port, '127.0.0.1');
    await once(other, 'listening');
    expect((await start()).port).not.toBe(first.port);
    other.close();
  });

  it('refuses a data folder that is in use', async () => {
    await start();
    await expect(start()).rejects.toMatchObject({
      code: 'data_dir_in_use',
      message: expect.stringContaining(`in use by process ${process.pid}`),
    });
  });

  it('leaves a later server alone when an earlier one is stopped once more', async () => {
    const first = await start();
    await first.stop();
    const second = await start();
    await first.stop();
    expect(second.pid).toBe(Number(readFileSync(join(dataDir, 'nats', 'nats.pid'), 'utf8')));
    await expect(start()).rejects.toMatchObject({ code: 'data_dir_in_use' });
  });

  it('starts again in the same process after it was killed', async () => {
    const first = await start();
    await first.kill();
    expect((await start()).pid).not.toBe(first.pid);
  });

  it('does not take another program for a server that was left running', async () => {
    const first = await start();
    await first.kill();
    // After a restart of the machine the old number belongs to anything: here, to this test.
    writeFileSync(join(dataDir, 'nats', 'nats.pid'), String(process.pid));
    expect((await start()).port).toBe(first.port);
  });

  it('says in one sentence that its program is missing', async () => {
    await expect(start({ binary: join(dataDir, 'nowhere') })).rejects.toMatchObject({
      code: 'binary_missing',
      message: expect.stringContaining(`NATS cannot be run from ${join(dataDir, 'nowhere')}`),
    });
  });

  it('names the reason and the log when the server refuses to start', async () => {
    await (await start()).stop();
    rmSync(join(dataDir, 'nats', 'store'), { recursive: true });
    writeFileSync(join(dataDir, 'nats', 'store'), 'not a folder');
    await expect(start()).rejects.toMatchObject({
      code: 'start_failed',
      message: expect.stringMatching(/^NATS did not start: .*storage directory.*nats\.log\)\.$/),
    });
  });
});
