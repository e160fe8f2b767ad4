/** The world of a command: what a test gives other values for. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where a data folder of the all-in-one process may be. */
  readonly workingDirectory: string;
  /** Aborted by Ctrl-C. */
  readonly stopped: AbortSignal;
  /** Prints a line of the command's result. */
  readonly print: (line: string) => void;
  /** Prints a line for people beside it. */
  readonly note: (line: string) => void;
  readonly stdin: NodeJS.ReadStream;
}

/** Those of this process. A second Ctrl-C ends it at once. */
export function processSurroundings(): Surroundings {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      stop.abort();
      process.once(signal, () => process.exit(130));
    });
  }
  return {
    environment: process.env,
    workingDirectory: process.cwd(),
    stopped: stop.signal,
    print: (line) => void process.stdout.write(`${line}\n`),
    note: (line) => void process.stderr.write(`${line}\n`),
    stdin: process.stdin,
  };
}
