import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { natsProgram } from './nats-cache.js';
import type { NatsSource } from './nats-source.js';
import { ourNatsVersion } from './nats-version.js';
import { runCommand } from '../server/run-command.js';

const release = `https://github.com/nats-io/nats-server/releases/download/v${ourNatsVersion}`;

/** SHA-256 of the release's archives. Those not named here are looked up in the release's own list. */
const pinned: Readonly<Record<string, string>> = {
  'linux-amd64.tar.gz': '5e3b603d47c447bda1f77f9ac16dbf91c90aac4ff3681f8fbbc7201e4ed99355',
  'linux-arm64.tar.gz': '673a98d3faa79dde3f9ebf16d6dfac36a5f694e7ad2015e4954dd7939c85cd4c',
  'windows-amd64.zip': 'f66f840a211ab665083b88e9b7edbcf6296cda143be47e53e6f6bb8520692bbb',
};

/** No answer after this means that the site cannot be reached from here. */
const answerLimitMs = 5_000;
const downloadLimitMs = 120_000;
const largestArchiveBytes = 64 * 1024 * 1024;

/** The project's own release, its checksum verified before anything is unpacked. */
export const natsFromGitHub: NatsSource = {
  name: `the GitHub release ${ourNatsVersion}`,
  async obtain(folder) {
    const build = buildFor(process.platform, process.arch);
    const archive = `nats-server-v${ourNatsVersion}-${build}`;
    const expected = pinned[build] ?? (await publishedSum(archive));
    const file = join(folder, archive);
    const sum = await download(`${release}/${archive}`, file);
    if (sum !== expected) throw new Error(`the checksum of ${archive} is ${sum}, expected ${expected}`);
    // The tar of Windows and macOS reads zip as well; elsewhere it is tar.gz.
    await runCommand('tar', ['-xf', file, '-C', folder, '--strip-components=1'], { limitMs: 60_000 });
    return join(folder, natsProgram);
  },
};

/** How the release calls the build for a system, with the archive's ending. */
export function buildFor(platform: NodeJS.Platform, arch: string): string {
  const system = ({ linux: 'linux', darwin: 'darwin', win32: 'windows' } as Partial<Record<string, string>>)[platform];
  const machine = ({ x64: 'amd64', arm64: 'arm64' } as Partial<Record<string, string>>)[arch];
  if (!system || !machine) throw new Error(`there is no release for ${platform} on ${arch}`);
  return `${system}-${machine}.${system === 'windows' ? 'zip' : 'tar.gz'}`;
}

async function publishedSum(archive: string): Promise<string> {
  const response = await answer(`${release}/SHA256SUMS`);
  const line = (await response.text()).split('\n').find((entry) => entry.trim().endsWith(archive));
  const sum = /^[0-9a-f]{64}/.exec(line ?? '')?.[0];
  if (!sum) throw new Error(`the release names no checksum for ${archive}`);
  return sum;
}

/** Downloads into a file and resolves to the SHA-256 of what came. */
async function download(url: string, file: string): Promise<string> {
  const response = await answer(url);
  if (!response.body) throw new Error(`${url} has no content`);
  const hash = createHash('sha256');
  let size = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      hash.update(chunk);
      done(size > largestArchiveBytes ? new Error(`${url} is larger than expected`) : null, chunk);
    },
  });
  await pipeline(Readable.fromWeb(response.body), measure, createWriteStream(file), {
    signal: AbortSignal.timeout(downloadLimitMs),
  });
  return hash.digest('hex');
}

async function answer(url: string): Promise<Response> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(new Error('no answer within 5 s')), answerLimitMs);
  try {
    const response = await fetch(url, { signal: limit.signal });
    if (!response.ok) throw new Error(`${new URL(url).host} answered ${response.status}`);
    return response;
  } catch (error) {
    throw new Error(`github.com cannot be reached (${reasonOf(error)})`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause as NodeJS.ErrnoException | undefined;
  return cause?.code ?? error.message;
}
