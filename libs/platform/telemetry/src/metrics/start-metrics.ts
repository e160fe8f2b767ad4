import { allMetrics } from './catalogue.js';
import { limitEndpoints } from './endpoint-series.js';
import { startMetricsServer, type MetricsServer } from './metrics-server.js';
import type { MetricsSettings } from './metrics.settings.js';
import { reportProcess } from './process-metrics.js';
import { renderMetrics } from './render-metrics.js';

/** 9464 is where OpenTelemetry's own Prometheus exporters listen. Several processes on one machine find one each. */
const usualPorts = Array.from({ length: 16 }, (_, index) => 9_464 + index);

/** What the start of metrics tells. */
export interface MetricsLog {
  info(message: string): void;
  warn(message: string): void;
}

/** Metrics of this process while it runs. */
export interface Metrics {
  /** Where they are served; undefined when they are not. */
  readonly url: string | undefined;
  stop(): Promise<void>;
}

/** Metrics cannot be served where somebody wants them; the message is for the person at the terminal. */
export class MetricsUnavailable extends Error {
  override readonly name = 'MetricsUnavailable';
}

/**
 * Reports on the process called `name` and serves all metrics on a port of their own. Only a port that somebody chose can fail;
 * without one, a process that finds none free runs all the same and says so. Throws `MetricsUnavailable`.
 */
export async function startMetrics(
  name: string,
  { port, host, endpoints }: MetricsSettings,
  log: MetricsLog,
): Promise<Metrics> {
  if (port === 0) return { url: undefined, stop: () => Promise.resolve() };
  limitEndpoints(endpoints);
  const server = await serve(host, port, log);
  if (!server) return { url: undefined, stop: () => Promise.resolve() };
  log.info(`Metrics are served at ${server.url}`);
  const stopReporting = reportProcess(name);
  return {
    url: server.url,
    stop: async () => {
      stopReporting();
      await server.stop();
    },
  };
}

async function serve(host: string, port: number | undefined, log: MetricsLog): Promise<MetricsServer | undefined> {
  const render = (): string => renderMetrics(allMetrics);
  try {
    return await startMetricsServer(host, port === undefined ? usualPorts : [port], render);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const sentence = `Metrics cannot be served (${reason}). Set HEADRACE_METRICS_PORT to a free port, or to 0 for none.`;
    if (port !== undefined) throw new MetricsUnavailable(sentence, { cause: error });
    log.warn(sentence);
    return undefined;
  }
}
