import { setRecording } from './spans.js';
import type { TelemetrySettings } from './telemetry.settings.js';

/** Telemetry of this process while it runs. */
export interface Telemetry {
  /** Sends what waits and stops; a collector that is away delays this by `limitMs` at most. */
  stop(): Promise<void>;
}

const limitMs = 5_000;

/**
 * Starts to record spans when a collector is configured; otherwise nothing is loaded and nothing is recorded.
 * Call it before anything makes connections.
 */
export async function startTelemetry(serviceName: string, settings: TelemetrySettings): Promise<Telemetry> {
  if (settings.otlpEndpoint === undefined) return { stop: () => Promise.resolve() };
  // The SDK costs a quarter of a second and tens of megabytes, so only those who use it load it.
  const { startSdk } = await import('./start-sdk.js');
  const sdk = startSdk(serviceName, settings);
  setRecording(true);
  return {
    async stop() {
      setRecording(false);
      // What cannot be sent at the end is lost; that must not keep the process from ending.
      const sent = sdk.shutdown().catch(() => undefined);
      let timer: NodeJS.Timeout | undefined;
      await Promise.race([sent, new Promise((resolve) => (timer = setTimeout(resolve, limitMs)))]);
      clearTimeout(timer);
    },
  };
}
