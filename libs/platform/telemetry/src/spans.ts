import {
  context,
  isSpanContextValid,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Attributes,
  type Context,
  type SpanKind,
} from '@opentelemetry/api';
import { formatTraceParent, newTraceParent, parseTraceParent } from './trace-parent.js';

/** What a span says of a piece of work. */
export interface SpanDescription {
  readonly name: string;
  readonly kind: SpanKind;
  /** `traceparent` of what caused the work; without it the active span is the parent. */
  readonly parent?: string;
  readonly attributes: Attributes;
}

let recording = false;

/** Told by `startTelemetry`: without an SDK, spans cost one comparison. */
export function setRecording(on: boolean): void {
  recording = on;
}

/** Whether spans are recorded in this process. */
export function isRecording(): boolean {
  return recording;
}

/**
 * Does `work` inside a span, which its own spans and appends join; an error is noted and thrown on.
 * `describe` is called only when spans are recorded.
 */
export async function inSpan<Result>(describe: () => SpanDescription, work: () => Promise<Result>): Promise<Result> {
  if (!recording) return work();
  const { name, kind, parent, attributes } = describe();
  const tracer = trace.getTracer('headrace');
  return tracer.startActiveSpan(name, { kind, attributes }, contextOf(parent), async (span) => {
    try {
      return await work();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      span.setStatus({ code: SpanStatusCode.ERROR, message });
      throw error;
    } finally {
      span.end();
    }
  });
}

/**
 * The `traceparent` for a message that is about to be sent: the active span's when spans are recorded, else that of
 * what caused it, else the start of a new trace.
 */
export function traceParentFor(cause: string | undefined): string {
  const active = recording ? activeTraceParent() : undefined;
  if (active !== undefined) return active;
  return cause !== undefined && parseTraceParent(cause) ? cause : newTraceParent();
}

/** The active span's `traceparent`; undefined outside of any recorded span. */
export function activeTraceParent(): string | undefined {
  const span = trace.getActiveSpan()?.spanContext();
  if (!span || !isSpanContextValid(span)) return undefined;
  return formatTraceParent({ ...span, sampled: (span.traceFlags & TraceFlags.SAMPLED) !== 0 });
}

function contextOf(parent: string | undefined): Context {
  const active = context.active();
  const parsed = parseTraceParent(parent);
  if (!parsed) return active;
  const { traceId, spanId, sampled } = parsed;
  const traceFlags = sampled ? TraceFlags.SAMPLED : TraceFlags.NONE;
  return trace.setSpanContext(active, { traceId, spanId, traceFlags, isRemote: true });
}
