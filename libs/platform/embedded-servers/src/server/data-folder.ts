import { mkdirSync, statfsSync, writeFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedServerError } from '../embedded-server.error.js';

/** Below this both servers would soon fail in the middle of their work. */
const leastFreeBytes = 64 * 1024 * 1024;

/**
 * Makes a server's data folder and proves that it can be written to.
 * Errors: `data_dir_not_writable`, `disk_full`.
 */
export function prepareDataFolder(folder: string): void {
  translating(folder, () => {
    mkdirSync(folder, { recursive: true });
    const probe = join(folder, `.probe-${process.pid}`);
    writeFileSync(probe, 'x');
    rmSync(probe);
    const { bavail, bsize } = statfsSync(folder);
    if (bavail * bsize < leastFreeBytes) throw diskFull(folder);
  });
}

/** Runs a file operation in a data folder, its errors put as sentences. */
export function translating<Result>(folder: string, operation: () => Result): Result {
  try {
    return operation();
  } catch (error) {
    throw folderProblem(folder, error) ?? error;
  }
}

/** Turns a system error about a data folder into one sentence; undefined for other errors. */
export function folderProblem(folder: string, error: unknown): EmbeddedServerError | undefined {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return diskFull(folder, error);
    case 'EROFS':
      return notWritable(folder, 'the file system is read-only', error);
    case 'EACCES':
    case 'EPERM':
      return notWritable(folder, 'this user may not write there', error);
    case 'ENOENT':
      // Node's recursive mkdir says this of a read-only file system.
      return notWritable(folder, 'no folder can be made there', error);
    case 'ENOTDIR':
    case 'EEXIST':
      return notWritable(folder, 'a part of the path is a file', error);
    default:
      return undefined;
  }
}

/** The disk that holds a data folder is full. */
export function diskFull(folder: string, cause?: unknown): EmbeddedServerError {
  return new EmbeddedServerError(
    'disk_full',
    `The disk that holds ${folder} is full: free some space, or set HEADRACE_DATA_DIR to a folder elsewhere.`,
    { cause },
  );
}

function notWritable(folder: string, reason: string, cause: unknown): EmbeddedServerError {
  return new EmbeddedServerError(
    'data_dir_not_writable',
    `The data folder ${folder} cannot be written to (${reason}): set HEADRACE_DATA_DIR to a folder that can.`,
    { cause },
  );
}
