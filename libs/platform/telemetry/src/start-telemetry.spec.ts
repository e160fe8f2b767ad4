import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { SpanKind } from '@opentelemetry/api';
import { inSpan, isRecording, traceParentFor } from './spans.js';
import { startTelemetry } from './start-telemetry.js';
import { TelemetrySettings } from './telemetry.settings.js';
import { newTraceParent, parseTraceParent } from './trace-parent.js';

const describeSpan = (parent: string) => ({ name: 'work', kind: SpanKind.CONSUMER, parent, attributes: {} });

describe('telemetry', () => {
  afterEach(() => {
    for (const name of Object.keys(process.env))
      if (name.startsWith('OTEL_')) Reflect.deleteProperty(process.env, name);
  });

  it('records nothing and carries the cause’s trace on while no collector is configured', async () => {
    const telemetry = await startTelemetry('test', new TelemetrySettings());
    const cause = newTraceParent();
    const inside = await inSpan(
      () => describeSpan(cause),
      async () => traceParentFor(cause),
    );
    expect(isRecording()).toBe(false);
    expect(inside).toBe(cause);
    expect(parseTraceParent(traceParentFor('nonsense'))).toBeDefined();
    await telemetry.stop();
  });

  it('sends spans to the collector, in the trace of their cause', async () => {
    const collector = createServer();
    const received = new Promise<{ path: string | undefined; body: Buffer }>((resolve) => {
      collector.on('request', (request: IncomingMessage, response) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => {
          response.end();
          resolve({ path: request.url, body: Buffer.concat(chunks) });
        });
      });
    });
    await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
    const settings = new TelemetrySettings();
    settings.otlpEndpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
    const telemetry = await startTelemetry('test-service', settings);
    const cause = newTraceParent();
    const inside = await inSpan(
      () => describeSpan(cause),
      async () => traceParentFor(cause),
    );
    await telemetry.stop();
    const { path, body } = await received;
    collector.close();
    collector.closeAllConnections();
    expect(path).toBe('/v1/traces');
    expect(body.toString('latin1')).toContain('test-service');
    expect(parseTraceParent(inside)?.traceId).toBe(parseTraceParent(cause)?.traceId);
    expect(inside).not.toBe(cause);
    expect(isRecording()).toBe(false);
  });
});
