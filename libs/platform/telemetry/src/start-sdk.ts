import { createRequire } from 'node:module';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { NodeSDK } from '@opentelemetry/sdk-node';
import type { TelemetrySettings } from './telemetry.settings.js';

/** Health checks would be most of all spans, and tell nothing. */
const unobserved = /^\/health\//;

/** Starts the OpenTelemetry SDK: spans over OTLP to the collector. Metrics and logs go their own ways. */
export function startSdk(serviceName: string, settings: TelemetrySettings): { shutdown(): Promise<void> } {
  // The SDK makes exporter, sampler and queue from its own variables, which a user may set as well.
  setDefaults({
    OTEL_EXPORTER_OTLP_ENDPOINT: settings.otlpEndpoint,
    OTEL_TRACES_EXPORTER: 'otlp',
    OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
    OTEL_TRACES_SAMPLER_ARG: String(settings.sampling),
    OTEL_BSP_MAX_QUEUE_SIZE: String(settings.queueSize),
    OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '2048',
    OTEL_BSP_SCHEDULE_DELAY: '1000',
  });
  const sdk = new NodeSDK({
    serviceName,
    metricReaders: [],
    logRecordProcessors: [],
    instrumentations: [
      new HttpInstrumentation({ ignoreIncomingRequestHook: ({ url }) => unobserved.test(url ?? '') }),
      new PgInstrumentation({ requireParentSpan: true }),
    ],
  });
  sdk.start();
  instrumentLoaded();
  return sdk;
}

function setDefaults(defaults: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(defaults)) {
    if (value !== undefined && !process.env[name]) process.env[name] = value;
  }
}

/**
 * The instrumentations patch a module when it is next required. Both are loaded by now, and shared with whoever
 * imported them, so requiring them once more is all it takes; the ESM loader hook would cost seconds at the start.
 */
function instrumentLoaded(): void {
  const require = createRequire(import.meta.url);
  require('node:http');
  require('node:https');
  const isLoaded = Object.keys(require.cache).some((file) => /[\\/]node_modules[\\/]pg[\\/]lib[\\/]/.test(file));
  if (isLoaded) require('pg');
}
