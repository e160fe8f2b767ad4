import { runCommand } from '../server/run-command.js';

/** Message schedules, on which all timers rest, came with this version. */
export const leastNatsVersion = '2.12.0';
/** What is downloaded or built where no other is found. */
export const ourNatsVersion = '2.14.5';

/** The version that a nats-server tells, found on the PATH of `env` or named; undefined when it cannot be run. */
export async function versionOf(binary: string, env: NodeJS.ProcessEnv = process.env): Promise<string | undefined> {
  try {
    const output = await runCommand(binary, ['--version'], { env, limitMs: 10_000 });
    return /v?(\d+\.\d+\.\d+)/.exec(output)?.[1];
  } catch {
    return undefined;
  }
}

/** Whether a version such as `2.14.5` is new enough for us. */
export function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [leastMajor = 0, leastMinor = 0] = leastNatsVersion.split('.').map(Number);
  return major > leastMajor || (major === leastMajor && minor >= leastMinor);
}
