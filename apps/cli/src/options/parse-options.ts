import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { UsageError } from '../errors.js';

/** Options that every command which calls the server takes. */
export const connectionOptions = {
  url: { type: 'string' },
  'api-key': { type: 'string' },
} as const satisfies ParseArgsOptionsConfig;

/** What `--help` says of them. */
export const connectionHelp = [
  '  --url URL          where the server is (HEADRACE_URL; http://localhost:4100)',
  '  --api-key KEY      key of the project (HEADRACE_API_KEY, or "headrace login")',
];

/** Reads a command's options. Throws `UsageError` that names what is unknown, missing its value or too much. */
export function parseOptions<Options extends ParseArgsOptionsConfig>(args: readonly string[], options: Options) {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (!code.startsWith('ERR_PARSE_ARGS_')) throw error;
    // Node's first sentence names the option; the ones after it are about programs that take positional arguments.
    throw new UsageError(`${message.split(/\.\s|\.$/, 1)[0]}.`);
  }
}

/** The values of an option that may be given several times, each of them a list separated by commas. */
export function listOf(option: string, values: readonly string[] | undefined): string[] | undefined {
  if (values === undefined) return undefined;
  const names = values
    .flatMap((value) => value.split(','))
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length === 0) throw new UsageError(`--${option} names nothing.`);
  return [...new Set(names)];
}

/** An http or https URL. Throws `UsageError` that names the option. */
export function httpUrlOf(option: string, text: string): URL {
  const url = URL.parse(text);
  if (url && (url.protocol === 'http:' || url.protocol === 'https:') && url.hostname !== '') return url;
  throw new UsageError(
    `${option} must be an http or https URL, for example http://localhost:3000/hook; got "${text}".`,
  );
}
