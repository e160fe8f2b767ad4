import { activeTraceParent, formatTraceParent, newTraceParent, parseTraceParent } from '@headrace/telemetry';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

type Header = string | readonly string[] | undefined;

const parsed = (header: Header) => parseTraceParent(typeof header === 'string' ? header : undefined);

/** A caller's `traceparent` in our version when it is a valid one; what else a caller sends is not carried on. */
export function traceParentOf(header: Header): string | undefined {
  const parts = parsed(header);
  return parts && formatTraceParent(parts);
}

/** The trace that a request belongs to: that of the active span, else the caller's, else one made up for the log. */
export function traceIdOf(header: Header): string {
  const known = parsed(activeTraceParent()) ?? parsed(header);
  return known?.traceId ?? newTraceParent().slice(3, 35);
}

/**
 * Parameter decorator: the `traceparent` that the request's events continue. That of the active span where there is
 * one, so that the span of this call stands between the caller's and ours.
 */
export const TraceParent = createParamDecorator(
  (_: unknown, context: ExecutionContext): string | undefined =>
    activeTraceParent() ?? traceParentOf(context.switchToHttp().getRequest<FastifyRequest>().headers.traceparent),
);
