import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const limitMs = 120_000;

/** The folders of what is published on npm. */
export const npmPackages = ['libs/sdk/client', 'libs/sdk/node'];

/** What a program says that is run to its end; throws with all that it said if it fails. */
export function run(command, args, cwd) {
  try {
    return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: 'pipe', timeout: limitMs });
  } catch (error) {
    const { code = `exit code ${error.status}`, stdout, stderr } = error;
    throw new Error(`${command} ${args.join(' ')}: ${code}\n${stdout ?? ''}${stderr ?? ''}`);
  }
}

/**
 * Builds a package and packs it as it is published: what `npm pack` takes, without what is of this workspace only.
 * Returns the path of the tarball, in `destination`. `repository`: the address that its package.json names as such.
 */
export function packNpmPackage(folder, destination, repository) {
  run(process.execPath, ['node_modules/typescript7/bin/tsc', '-b', folder], root);
  const scratch = mkdtempSync(join(tmpdir(), 'headrace-release-'));
  try {
    run('npm', ['pack', '--pack-destination', scratch], join(root, folder));
    const tarball = readdirSync(scratch).find((name) => name.endsWith('.tgz'));
    run('tar', ['-xzf', tarball], scratch);
    const staged = join(scratch, 'package');
    removeLeftovers(join(staged, 'dist'), join(root, folder, 'src'));
    const file = join(staged, 'package.json');
    const manifest = publishedManifest(JSON.parse(readFileSync(file, 'utf8')), repository);
    writeFileSync(file, `${JSON.stringify(manifest, undefined, 2)}\n`);
    run('npm', ['pack', '--ignore-scripts', '--pack-destination', destination], staged);
    return join(destination, tarball);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** A package.json as others see it: no scripts, nothing of Nx, and no entries that lead to sources. */
function publishedManifest({ nx: _nx, scripts: _scripts, exports, ...manifest }, repository) {
  const published = Object.entries(exports).flatMap(([path, target]) => {
    if (typeof target === 'string') return [[path, target]];
    const { '@headrace/source': _source, ...conditions } = target;
    return Object.keys(conditions).length > 0 ? [[path, conditions]] : [];
  });
  return {
    ...manifest,
    ...(repository && { repository: { type: 'git', url: repository } }),
    exports: Object.fromEntries(published),
  };
}

/** The compiler leaves the files of sources that were removed or renamed since. */
function removeLeftovers(dist, src) {
  for (const file of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
    const [, module] = /^(.*?)(?:\.d\.ts|\.js)(?:\.map)?$/.exec(file) ?? [];
    if (module === undefined || basename(module).endsWith('.min')) continue;
    if (!existsSync(join(src, `${module}.ts`))) rmSync(join(dist, file));
  }
}
