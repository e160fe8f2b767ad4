import { ConfigurationError } from '@headrace/config';

/** The process cannot start; the message is for the person at the terminal and says what to do. */
export class StartupError extends Error {
  override readonly name = 'StartupError';
}

/** Names of errors whose message is already written for the person at the terminal. */
const wordedForPeople = new Set([
  ConfigurationError.name,
  StartupError.name,
  'DatabaseUnusable',
  'EmbeddedServerError',
  'JetStreamSetupError',
  'MasterKeyInvalid',
  'MetricsUnavailable',
]);

/** What to print when a start fails: a sentence where the cause is known, the stack only where it is not. */
export function describeStartupFailure(error: unknown): string {
  if (!(error instanceof Error)) return `Headrace could not start: ${String(error)}`;
  if (wordedForPeople.has(error.name)) return error.message;
  const known = systemErrorSentence(error);
  return known ?? `Headrace could not start because of a fault of its own: ${error.stack ?? error.message}`;
}

function systemErrorSentence(error: NodeJS.ErrnoException & { port?: number; address?: string }): string | undefined {
  switch (error.code) {
    case 'EADDRINUSE':
      return `Port ${error.port} is taken by another program. Stop that program, or set HEADRACE_PORT to a free port.`;
    case 'EADDRNOTAVAIL':
      return `This machine has no address ${error.address}. Set HEADRACE_HOST to one that it has, or to 0.0.0.0.`;
    case 'EACCES':
      return error.port === undefined
        ? `${error.path} cannot be used by this user. Change its permissions, or set HEADRACE_DATA_DIR to another folder.`
        : `This user may not listen on port ${error.port}. Set HEADRACE_PORT to a port above 1023.`;
    case 'EEXIST':
    case 'ENOTDIR':
    case 'ENOENT':
    case 'EPERM':
      return error.path === undefined
        ? undefined
        : `${error.path} cannot be made or used as a folder. Set HEADRACE_DATA_DIR to a folder that can be written.`;
    case 'ENOSPC':
      return 'The disk is full. Free some space, or set HEADRACE_DATA_DIR to a folder on another disk.';
    case 'EROFS':
      return `${error.path} is on a read-only disk. Set HEADRACE_DATA_DIR to a folder that can be written.`;
    default:
      return undefined;
  }
}
