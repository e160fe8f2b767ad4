import { randomBytes } from 'node:crypto';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { trace } from '@opentelemetry/api';
import type { FastifyRequest } from 'fastify';

/** Version 00 of W3C Trace Context; ids of zeros only are not valid there. */
const traceParentPattern = /^[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** A caller's `traceparent` when it is a valid one; what else a caller sends is not carried on. */
export function traceParentOf(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'string' && traceParentPattern.test(header) ? header : undefined;
}

/** The trace that a request belongs to: that of the active span, else the caller's, else one made up for the log. */
export function traceIdOf(header: string | readonly string[] | undefined): string {
  const active = trace.getActiveSpan()?.spanContext().traceId;
  if (active) return active;
  return traceParentPattern.exec(typeof header === 'string' ? header : '')?.[1] ?? randomBytes(16).toString('hex');
}

/**
 * Parameter decorator: the `traceparent` that the request's events continue. That of the active span where there is
 * one, so that the span of this call stands between the caller's and ours.
 */
export const TraceParent = createParamDecorator((_: unknown, context: ExecutionContext): string | undefined => {
  const span = trace.getActiveSpan()?.spanContext();
  if (span) return `00-${span.traceId}-${span.spanId}-${span.traceFlags.toString(16).padStart(2, '0')}`;
  return traceParentOf(context.switchToHttp().getRequest<FastifyRequest>().headers.traceparent);
});
