import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedServerError } from '../embedded-server.error.js';
import type { Log } from '../embedded-server.js';
import { alone, cacheFolder, keep, natsProgram } from './nats-cache.js';
import { natsFromApt } from './nats-from-apt.js';
import { natsFromGitHub } from './nats-from-github.js';
import { natsFromGo } from './nats-from-go.js';
import type { NatsSource } from './nats-source.js';
import { isNewEnough, leastNatsVersion, versionOf } from './nats-version.js';

/** A nats-server that can be run here. */
export interface NatsBinary {
  readonly path: string;
  readonly version: string;
  /** Where it was found, for people. */
  readonly source: string;
}

/** What the search depends on; everything but the log has a default. */
export interface ObtainNatsOptions {
  readonly log: Log;
  readonly env?: NodeJS.ProcessEnv;
  /** Tried in order where none is on the machine. */
  readonly sources?: readonly NatsSource[];
}

/**
 * Finds a nats-server of version 2.12 or newer, or obtains one: NATS_SERVER_BIN, the PATH, this user's cache, then
 * the GitHub release, Go, and the distribution's packages, which fill the cache. Two processes at once obtain one.
 * NATS_URL comes before all of this: whoever has it needs no server. Error: `binary_missing`.
 */
export async function obtainNatsServer(options: ObtainNatsOptions): Promise<NatsBinary> {
  const { log, env = process.env } = options;
  const chosen = env['NATS_SERVER_BIN'];
  if (chosen) return fromSetting(chosen, log);
  const folder = cacheFolder(env);
  const found = await onThisMachine(folder, env);
  if (found) return told(found, log);
  return alone(folder, async () => {
    // Another process may have filled the cache while this one waited.
    const filled = await onThisMachine(folder, env);
    return told(filled ?? (await fetchInto(folder, options)), log);
  });
}

/** A server that a person chose is never replaced silently. */
async function fromSetting(path: string, log: Log): Promise<NatsBinary> {
  const version = await versionOf(path);
  if (version && isNewEnough(version)) return told({ path, version, source: 'NATS_SERVER_BIN' }, log);
  const reason = version ? `is version ${version}, older than ${leastNatsVersion}` : 'cannot be run';
  throw new EmbeddedServerError(
    'binary_missing',
    `NATS_SERVER_BIN names ${path}, which ${reason}: name another nats-server, or unset it to have one obtained.`,
  );
}

async function onThisMachine(folder: string, env: NodeJS.ProcessEnv): Promise<NatsBinary | undefined> {
  return (await usable('nats-server', 'the PATH', env)) ?? usable(join(folder, natsProgram), 'the cache', env);
}

async function usable(path: string, source: string, env: NodeJS.ProcessEnv): Promise<NatsBinary | undefined> {
  const version = await versionOf(path, env);
  return version && isNewEnough(version) ? { path, version, source } : undefined;
}

async function fetchInto(folder: string, { log, sources = allSources }: ObtainNatsOptions): Promise<NatsBinary> {
  for (const source of sources) {
    const scratch = mkdtempSync(join(folder, 'obtaining-'));
    try {
      const path = await source.obtain(scratch, log);
      const version = await versionOf(path);
      if (!version || !isNewEnough(version)) throw new Error(`it gave ${version ?? 'a program that cannot be run'}`);
      const kept = join(folder, natsProgram);
      keep(path, kept);
      return { path: kept, version, source: `${source.name}, kept in ${folder}` };
    } catch (error) {
      log(`No nats-server from ${source.name}: ${(error as Error).message}.`);
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  }
  throw new EmbeddedServerError(
    'binary_missing',
    `A nats-server ${leastNatsVersion} or newer is needed and could not be obtained: install one` +
      " ('brew install nats-server', 'scoop install nats-server', or 'apt install nats-server' where it is new enough)," +
      ' or name one in NATS_SERVER_BIN, or a running one in NATS_URL.',
  );
}

const allSources: readonly NatsSource[] = [natsFromGitHub, natsFromGo, natsFromApt];

function told(binary: NatsBinary, log: Log): NatsBinary {
  log(`Using nats-server ${binary.version} from ${binary.source}.`);
  return binary;
}
