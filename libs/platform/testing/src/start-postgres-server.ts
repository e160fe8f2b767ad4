import { rm } from 'node:fs/promises';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@headrace/embedded-servers';
import { makeTestFolder } from './test-folders.js';

/** A real Postgres for one test file, to be killed: the one of the test run is everybody's. */
export interface TestPostgresServer {
  /** Of an empty database. */
  readonly url: string;
  /** `kill -9`; its data stays, for `restart`. */
  kill(): Promise<void>;
  /** Starts it again on the same port and the same data. */
  restart(): Promise<void>;
  /** Stops it and removes its data. */
  drop(): Promise<void>;
}

/** Starts a Postgres of its own. Call `drop` in `afterAll`. */
export async function startPostgresServer(): Promise<TestPostgresServer> {
  const dataDir = makeTestFolder();
  const start = (port?: number): Promise<EmbeddedPostgres> =>
    startEmbeddedPostgres({ dataDir, ...(port === undefined ? {} : { port }), log: () => undefined });
  let server = await start();
  return {
    url: server.url,
    async kill() {
      process.kill(server.pid, 'SIGKILL');
      await server.ended;
    },
    async restart() {
      server = await start(server.port);
    },
    async drop() {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
