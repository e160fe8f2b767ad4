/**
 * `node tools/release/release.mjs [--repository=<url>]`: packs everything that is published into `dist/release`, checks
 * those very files, and says how to publish them. Publishes nothing. `PYTHON` is a Python that has what
 * `tools/python/requirements.txt` lists; default: `python3`.
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { npmPackages, packNpmPackage, run } from './npm-package.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = join(root, 'dist', 'release');

function releasedVersion() {
  const read = (file) => readFileSync(join(root, file), 'utf8');
  const versions = npmPackages.map((name) => [name, JSON.parse(read(`${name}/package.json`)).version]);
  const [, pythons] = /^version = "(.+)"$/m.exec(read('libs/sdk/python/pyproject.toml')) ?? [];
  versions.push(['libs/sdk/python', pythons]);
  const [[, version]] = versions;
  if (versions.every(([, other]) => other === version)) return version;
  throw new Error(
    `The packages are released together: give them one version. ${versions.join(' ').replace(/,/g, ' ')}`,
  );
}

/** Runs the tests of the packages on tarballs that are there. */
function checkNpmPackages(tarballs) {
  process.env.HEADRACE_RELEASE_TARBALLS = tarballs.join('\n');
  const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'];
  run(process.execPath, [...jest, '--selectProjects=unit', '--testPathPatterns=tools/release'], root);
}

const { values } = parseArgs({ options: { repository: { type: 'string' } } });
const version = releasedVersion();
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const tarballs = npmPackages.map((name) => packNpmPackage(name, folder, values.repository));
checkNpmPackages(tarballs);
const python = run(process.env.PYTHON ?? 'python3', ['tools/release/python_package.py', folder], root).trim();

console.log(`Version ${version} is packed and checked, in ${relative(process.cwd(), folder) || '.'}:\n`);
for (const tarball of tarballs)
  console.log(`  npm publish ./${relative(process.cwd(), tarball)} --access public --provenance`);
console.log(
  `  python -m twine upload ${python
    .split('\n')
    .map((name) => relative(process.cwd(), join(folder, name)))
    .join(' ')}`,
);
if (!values.repository)
  console.log('\nnpm takes --provenance only if the packages name their repository: --repository=<url>.');
