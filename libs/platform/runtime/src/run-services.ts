import { describeStartupFailure } from './startup-error.js';
import type { ServiceDefinition } from './service-definition.js';
import { startServices } from './start-services.js';

/** A stop that takes longer than this is given up; what was in flight is delivered again after the next start. */
const stopLimitMs = 25_000;

/** What a process runs until a signal ends it. */
export interface Stoppable {
  stop(): Promise<void>;
}

/**
 * Runs services in a process of their own until SIGINT or SIGTERM: the whole of a service's main file.
 * `name` is the process's in logs, traces and the broker's monitoring.
 */
export async function runServices(name: string, services: readonly ServiceDefinition[]): Promise<void> {
  await runUntilStopped(() => startServices(name, services, process.env));
}

/**
 * Starts something and stops it cleanly at the first SIGINT or SIGTERM; a second signal ends the process at once.
 * A failed start prints one sentence and ends the process with status 1.
 */
export async function runUntilStopped(start: () => Promise<Stoppable>): Promise<void> {
  const signalled = nextSignal();
  try {
    const running = await start();
    await signalled;
    process.once('SIGINT', () => process.exit(130)).once('SIGTERM', () => process.exit(143));
    setTimeout(() => process.exit(1), stopLimitMs).unref();
    await running.stop();
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${describeStartupFailure(error)}\n`);
    process.exit(1);
  }
}

function nextSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve()).once('SIGTERM', () => resolve());
  });
}
