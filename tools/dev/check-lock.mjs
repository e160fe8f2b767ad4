import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The workspaces that are there but not in the lock file: 'npm ci' fails for everyone until they are. */
export function missingWorkspaces(lock, folders) {
  const locked = new Set(Object.keys(lock.packages));
  return folders.filter((folder) => !locked.has(folder)).map((folder) => `the workspace ${folder} has no entry`);
}

/** The folders that the patterns of `workspaces` in package.json name; a pattern ends in a star or in none. */
function workspaceFolders(root, patterns) {
  return patterns
    .flatMap((pattern) => {
      const parent = pattern.endsWith('/*') ? pattern.slice(0, -2) : undefined;
      return parent === undefined ? [pattern] : readdirSync(join(root, parent)).map((name) => `${parent}/${name}`);
    })
    .filter((folder) => existsSync(join(root, folder, 'package.json')));
}

/**
 * What is wrong with a package-lock.json that npm itself does not tell before it fails on another system: an
 * optional package that is named but has no entry ("Missing: … from lock file"), and a download address, which ties
 * the lock to one registry.
 */
export function lockProblems(lock) {
  const paths = new Set(Object.keys(lock.packages));
  return Object.entries(lock.packages).flatMap(([path, entry]) => [
    ...Object.keys(entry.optionalDependencies ?? {})
      .filter((name) => !isFound(paths, path, name))
      .map((name) => `${path || 'the root'} names the optional package ${name}, which has no entry`),
    ...(/^(https?|git|file):/.test(entry.resolved ?? '') ? [`${path} has the download address ${entry.resolved}`] : []),
  ]);
}

/** Looks where Node looks: in the package's own node_modules, then in those above it. */
function isFound(paths, from, name) {
  for (let folder = from; ; folder = parentOf(folder)) {
    if (paths.has(`${folder ? `${folder}/` : ''}node_modules/${name}`)) return true;
    if (folder === '') return false;
  }
}

function parentOf(path) {
  const end = path.lastIndexOf('/node_modules/');
  return end === -1 ? '' : path.slice(0, end);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const read = (file) => JSON.parse(readFileSync(join(root, file), 'utf8'));
  const lock = read('package-lock.json');
  const folders = workspaceFolders(root, read('package.json').workspaces);
  const problems = [...lockProblems(lock), ...missingWorkspaces(lock, folders)];
  for (const problem of problems) process.stderr.write(`package-lock.json: ${problem}.\n`);
  if (problems.length > 0) {
    process.stderr.write("Remove package-lock.json and make it anew with 'npm install --package-lock-only'.\n");
    process.exitCode = 1;
  }
}
