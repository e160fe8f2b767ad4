import { setTimeout as delay } from 'node:timers/promises';
import { HeadraceSettings, loadSettings, type SettingsClass } from '@headrace/config';
import { createHttpApplication, HealthController, HttpSettings } from '@headrace/http';
import { ConsumerRunner } from '@headrace/jetstream';
import { MetricsSettings, startMetrics, startTelemetry, TelemetrySettings, type MetricsLog } from '@headrace/telemetry';
import type { Logger } from 'pino';
import { openPlatform } from './open-platform.js';
import { PinoNestLogger, createLogger } from './pino-nest.logger.js';
import { platformSettings, postgresSettings } from './platform-settings.js';
import { processModule } from './process.module.js';
import type { ServiceDefinition } from './service-definition.js';

/**
 * Connections that may wait to be accepted. Node's 511 overflow in a stall of a second under load, and then clients
 * see a reset; the system's own limit (often 4096) still applies.
 */
const backlog = 8_192;

/** Services that run in this process. */
export interface RunningServices {
  /** Where they listen, for example `http://127.0.0.1:4100`. */
  readonly url: string;
  /** Says that it is not ready, lets requests and handlers in flight finish, then closes every connection. */
  stop(): Promise<void>;
}

/** The settings classes that a process with these services reads. */
export function settingsOf(services: readonly ServiceDefinition[]): SettingsClass[] {
  return [
    ...platformSettings,
    ...(services.some(({ needsPostgres }) => needsPostgres) ? postgresSettings : []),
    ...services.flatMap(({ settings }) => settings),
  ];
}

/**
 * Starts services in this process: checks the configuration, connects, brings streams and schema up to date,
 * listens, and only then takes messages. What was opened is closed again when a later step fails.
 */
export async function startServices(
  name: string,
  services: readonly ServiceDefinition[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<RunningServices> {
  const classes = settingsOf(services);
  const settings = loadSettings(classes, environment, [...platformSettings, ...postgresSettings]);
  const headrace = settings.get(HeadraceSettings);
  const logger = createLogger(name, headrace.logLevel);
  const telemetry = await startTelemetry(name, settings.get(TelemetrySettings));
  const metrics = await startMetrics(name, settings.get(MetricsSettings), metricsLog(logger));
  const platform = await openPlatform(services, settings, name, logger);
  const stopping = new AbortController();
  try {
    const app = await createHttpApplication(
      processModule(services, classes, settings, platform, stopping.signal),
      settings.get(HttpSettings),
      {
        logger: new PinoNestLogger(logger),
      },
    );
    try {
      await app.listen({ port: headrace.port, host: headrace.host, backlog });
      const consumers = app.get(ConsumerRunner);
      consumers.start();
      return {
        url: await app.getUrl(),
        stop: async () => {
          app.get(HealthController).announceStop();
          if (headrace.shutdownDelayMs > 0) await delay(headrace.shutdownDelayMs);
          stopping.abort();
          // Messages first: what is in flight may still need the connections that close after it.
          await consumers.stop();
          await app.close();
          await platform.close();
          await telemetry.stop();
          await metrics.stop();
        },
      };
    } catch (error) {
      await app.close();
      throw error;
    }
  } catch (error) {
    await platform.close();
    await telemetry.stop();
    await metrics.stop();
    throw error;
  }
}

const metricsLog = (logger: Logger): MetricsLog => ({
  info: (message) => logger.info(message),
  warn: (message) => logger.warn(message),
});
