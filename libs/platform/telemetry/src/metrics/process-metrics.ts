import { readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { metrics } from './catalogue.js';

const nsPerSecond = 1e9;
/** Milliseconds between looks at the event loop; each costs a microsecond or two. */
const resolution = 20;

/** Reports on the process itself until what it returns is called. */
export function reportProcess(name: string): () => void {
  const version = versionOfThis();
  const delay = monitorEventLoopDelay({ resolution });
  delay.enable();
  const startedAt = Date.now() / 1_000 - process.uptime();
  const stops = [
    metrics.buildInfo.report(() => [[[name, version, process.version], 1]]),
    metrics.startTime.report(() => startedAt),
    metrics.cpuSeconds.report(cpuSeconds),
    metrics.residentMemory.report(() => process.memoryUsage.rss()),
    metrics.heapUsed.report(() => process.memoryUsage().heapUsed),
    metrics.eventLoopDelay.report(() => {
      const late = (ns: number) => Math.max(0, ns / nsPerSecond - resolution / 1_000);
      const stats = [
        [['p50'], late(delay.percentile(50))],
        [['p99'], late(delay.percentile(99))],
        [['max'], late(delay.max)],
      ] as const;
      delay.reset();
      return stats;
    }),
  ];
  return () => {
    delay.disable();
    for (const stop of stops) stop();
  };
}

/** All packages have one version. */
function versionOfThis(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
