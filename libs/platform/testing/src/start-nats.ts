import { rm } from 'node:fs/promises';
import { startEmbeddedNats, type EmbeddedNats, type EmbeddedNatsOptions } from '@headrace/embedded-servers';
import { makeTestFolder } from './test-folders.js';

/** A real nats-server for one test file, with a store of its own on a port of its own. */
export interface TestNats {
  readonly url: string;
  /** Changes with every restart. */
  readonly pid: number;
  /** Ends the server as `kill -9` would; the store stays, for `restart`. */
  kill(): Promise<void>;
  /** Starts it again, after a clean stop if it runs, on the same port and the same store. */
  restart(): Promise<void>;
  /** Starts it again on the same port with nothing in its store, as after the loss of its disk. */
  restartEmpty(): Promise<void>;
  /** Stops the server and removes its store. */
  stop(): Promise<void>;
}

/** Starts a nats-server with JetStream. Call `stop` in `afterAll`. */
export async function startNats(options: Pick<EmbeddedNatsOptions, 'maxPendingBytes'> = {}): Promise<TestNats> {
  const dataDir = makeTestFolder();
  const start = (port?: number): Promise<EmbeddedNats> =>
    // jest-servers.mjs found the binary once for all test files.
    startEmbeddedNats({ ...options, dataDir, port, binary: process.env['NATS_SERVER_BIN'], log: () => undefined });
  let server = await start();
  return {
    url: server.url,
    get pid() {
      return server.pid;
    },
    kill: () => server.kill(),
    async restart() {
      await server.stop();
      server = await start(server.port);
    },
    async restartEmpty() {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
      server = await start(server.port);
    },
    async stop() {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
