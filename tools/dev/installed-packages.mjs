import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Whether node_modules is what package-lock.json says, told by the list that npm leaves there when it has finished.
 * Returns why not, or undefined. It reads two files, so it can be asked before every start.
 */
export function missingPackages(root) {
  const wanted = packagesIn(join(root, 'package-lock.json'));
  if (!wanted) return 'package-lock.json cannot be read';
  const installed = packagesIn(join(root, 'node_modules', '.package-lock.json'));
  if (!installed) return 'there are none yet';
  for (const [path, entry] of wanted) {
    if (!path.includes('node_modules/')) continue;
    const found = installed.get(path);
    if (!found && isNeeded(entry)) return `${path} is missing`;
    if (found && found.version !== entry.version) return `${path} is ${found.version}, not ${entry.version}`;
    if (found && !suitsThisSystem(entry)) return `${path} is for another system`;
  }
  return undefined;
}

function packagesIn(file) {
  try {
    return new Map(Object.entries(JSON.parse(readFileSync(file, 'utf8')).packages));
  } catch {
    return undefined;
  }
}

/**
 * Optional packages that are programs for one system (Postgres, the compiler) must be there on that system. Others
 * npm may leave out, when they do not build here or are for another C library.
 */
function isNeeded({ optional, os, cpu, libc }) {
  return !optional || (os && cpu && !libc && suitsThisSystem({ os, cpu }));
}

function suitsThisSystem({ os, cpu }) {
  return suits(os, process.platform) && suits(cpu, process.arch);
}

/** npm's `os` and `cpu`: a list of what it is for, or of what it is not for (`!win32`). */
function suits(list, here) {
  if (!list) return true;
  return (
    list.some((entry) => entry === here) || (list.every((entry) => entry.startsWith('!')) && !list.includes(`!${here}`))
  );
}
