/**
 * How long this process computes for something that waits for nothing, in milliseconds. Unlike the time that passes, it
 * does not grow with what else the machine does.
 */
export function cpuMsOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
