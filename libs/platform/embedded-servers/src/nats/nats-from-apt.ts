import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NatsSource } from './nats-source.js';
import { runCommand } from '../server/run-command.js';

const limitMs = 120_000;

/** The newest suite of each distribution; the stable ones ship a nats-server that is too old. */
const newestSuite = { debian: 'unstable', ubuntu: 'devel' } as const;

/** Where the system gets its packages from. */
interface AptRepository {
  readonly uri: string;
  readonly distribution: keyof typeof newestSuite;
  readonly signedBy: string;
}

/**
 * The distribution's newest package, from the system's own mirror, unpacked without being installed. Uses package
 * lists of its own, so it needs no rights and leaves the system as it is.
 */
export const natsFromApt: NatsSource = {
  name: "the distribution's newest package",
  async obtain(folder, log) {
    const repository = await systemRepository();
    const suite = newestSuite[repository.distribution];
    log(`Fetching nats-server from ${repository.distribution} ${suite}; this takes about half a minute, once.`);
    const options = privateApt(folder, repository, suite);
    await runCommand('apt-get', [...options, 'update'], { limitMs });
    await runCommand('apt-get', [...options, 'download', 'nats-server'], { cwd: folder, limitMs });
    const archive = readdirSync(folder).find((file) => file.endsWith('.deb'));
    if (!archive) throw new Error('apt-get downloaded no package');
    await runCommand('dpkg-deb', ['-x', archive, 'unpacked'], { cwd: folder, limitMs });
    return join(folder, 'unpacked', 'usr', 'bin', 'nats-server');
  },
};

async function systemRepository(): Promise<AptRepository> {
  const format = '$(REPO_URI) $(ORIGIN) $(SIGNED_BY)';
  const targets = await runCommand('apt-get', ['indextargets', '--format', format, 'Created-By: Packages'], {
    limitMs,
  });
  const repository = repositoryIn(targets);
  if (!repository) throw new Error("apt knows no mirror of Debian or Ubuntu; 'apt-get update' may be needed first");
  return repository;
}

/** The first mirror of Debian or Ubuntu itself in apt's list of index files. */
export function repositoryIn(targets: string): AptRepository | undefined {
  for (const line of targets.split('\n')) {
    const [uri = '', origin = '', signedBy = ''] = line.trim().split(' ');
    const distribution = origin.toLowerCase();
    if ((distribution === 'debian' || distribution === 'ubuntu') && !/security|ports/.test(uri)) {
      return { uri, distribution, signedBy };
    }
  }
  return undefined;
}

function privateApt(folder: string, { uri, signedBy }: AptRepository, suite: string): string[] {
  const list = join(folder, 'sources.list');
  writeFileSync(list, `deb ${signedBy ? `[signed-by=${signedBy}] ` : ''}${uri} ${suite} main universe\n`);
  for (const part of ['lists/partial', 'cache/archives/partial']) mkdirSync(join(folder, part), { recursive: true });
  const settings = {
    'Dir::Etc::sourcelist': list,
    'Dir::Etc::sourceparts': '-',
    'Dir::State::lists': join(folder, 'lists'),
    'Dir::Cache': join(folder, 'cache'),
    // Its lists live in our folder, which the sandbox user of apt need not be able to read.
    'APT::Sandbox::User': '',
    'Acquire::Languages': 'none',
  };
  return ['-qq', ...Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`])];
}
