import { parseSemVer } from '@nats-io/nats-core/internal';

/** The first version with message schedules, on which timers rest. */
const oldest = { major: 2, minor: 12 } as const;

/** What we look at of a server's greeting. */
export interface ServerGreeting {
  readonly version: string;
  readonly jetstream?: boolean;
}

/** Why a server cannot be used and what to do about it; undefined when it can. `address` is `host:port`. */
export function serverProblem({ version, jetstream }: ServerGreeting, address: string): string | undefined {
  const { major, minor } = parseSemVer(version);
  if (major < oldest.major || (major === oldest.major && minor < oldest.minor)) {
    return (
      `NATS at ${address} is ${version}; message schedules need ${oldest.major}.${oldest.minor} or newer: ` +
      'upgrade nats-server, or leave NATS_URL empty to use the embedded one.'
    );
  }
  if (jetstream !== true) {
    return `NATS at ${address} runs without JetStream: start it with -js, or put a jetstream {} block into its configuration.`;
  }
  return undefined;
}
