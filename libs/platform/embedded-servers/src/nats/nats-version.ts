import { execFile } from 'node:child_process';

/** Message schedules, on which all timers rest, came with this version. */
export const leastNatsVersion = '2.12.0';
/** What is downloaded or built where no other is found. */
export const ourNatsVersion = '2.14.5';

/** The version that a nats-server binary tells; undefined when it cannot be run. */
export function versionOf(binary: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(binary, ['--version'], { timeout: 10_000, windowsHide: true }, (error, output) => {
      resolve(error ? undefined : /v?(\d+\.\d+\.\d+)/.exec(output)?.[1]);
    });
  });
}

/** Whether a version such as `2.14.5` is new enough for us. */
export function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [leastMajor = 0, leastMinor = 0] = leastNatsVersion.split('.').map(Number);
  return major > leastMajor || (major === leastMajor && minor >= leastMinor);
}
