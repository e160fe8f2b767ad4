import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NatsSource } from './nats-source.js';
import { runCommand } from '../server/run-command.js';

const limitMs = 120_000;

/** Where each distribution has its newest packages; the nats-server of the stable ones is too old. */
const distributions = {
  debian: { suite: 'unstable', component: 'main', keyring: '/usr/share/keyrings/debian-archive-keyring.gpg' },
  ubuntu: { suite: 'devel', component: 'universe', keyring: '/usr/share/keyrings/ubuntu-archive-keyring.gpg' },
} as const;

/** Where the system gets its packages from. */
interface AptRepository {
  readonly uri: string;
  readonly distribution: keyof typeof distributions;
}

/**
 * The distribution's newest package, from the system's own mirror, unpacked without being installed. Uses package
 * lists of its own, so it needs no rights and leaves the system as it is.
 */
export const natsFromApt: NatsSource = {
  name: "the distribution's newest package",
  async obtain(folder, log) {
    const repository = await systemRepository();
    const { suite } = distributions[repository.distribution];
    log(`Fetching nats-server from ${repository.distribution} ${suite}; this takes a few seconds, once.`);
    const options = privateApt(folder, repository);
    await runCommand('apt-get', [...options, 'update'], { limitMs });
    await runCommand('apt-get', [...options, 'download', 'nats-server'], { cwd: folder, limitMs });
    const archive = readdirSync(folder).find((file) => file.endsWith('.deb'));
    if (!archive) throw new Error('apt-get downloaded no package');
    await runCommand('dpkg-deb', ['-x', archive, 'unpacked'], { cwd: folder, limitMs });
    return programIn(join(folder, 'unpacked'));
  },
};

/** Debian counts servers among the administrator's programs. */
function programIn(folder: string): string {
  const program = ['usr/sbin', 'usr/bin']
    .map((bin) => join(folder, bin, 'nats-server'))
    .find((path) => existsSync(path));
  if (!program) throw new Error('the package holds no nats-server');
  return program;
}

async function systemRepository(): Promise<AptRepository> {
  const format = '$(REPO_URI) $(ORIGIN)';
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
    const [uri = '', origin = ''] = line.trim().split(' ');
    const distribution = origin.toLowerCase();
    if ((distribution === 'debian' || distribution === 'ubuntu') && !/security|ports/.test(uri)) {
      return { uri, distribution };
    }
  }
  return undefined;
}

function privateApt(folder: string, { uri, distribution }: AptRepository): string[] {
  const { suite, component, keyring } = distributions[distribution];
  const list = join(folder, 'sources.list');
  writeFileSync(list, `deb [signed-by=${keyring}] ${uri} ${suite} ${component}\n`);
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
