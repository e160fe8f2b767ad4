import { SpanKind, trace } from '@opentelemetry/api';
import type { deliveryPlanned } from '@headrace/contracts';
import type { RecordedOf } from '@headrace/event-log';
import { inSpan, traceParentFor } from '@headrace/telemetry';
import type { AttemptOutcome } from './attempt-outcome.js';

/**
 * Makes one attempt inside a client span of the request's trace, whose `traceparent` the receiver gets: its own
 * spans then hang below the attempt that brought them. The URL is told by its host only.
 */
export function inAttemptSpan(
  planned: RecordedOf<typeof deliveryPlanned>,
  number: number,
  attempt: (traceParent: string) => Promise<AttemptOutcome>,
): Promise<AttemptOutcome> {
  const { deliveryId, endpointId, url, webhookType } = planned.data;
  return inSpan(
    () => ({
      name: `deliver ${webhookType}`,
      kind: SpanKind.CLIENT,
      parent: planned.traceParent,
      attributes: {
        'http.request.method': 'POST',
        'http.request.resend_count': number - 1,
        'server.address': URL.parse(url)?.hostname ?? '',
        'headrace.delivery.id': deliveryId,
        'headrace.endpoint.id': endpointId,
      },
    }),
    async () => {
      const outcome = await attempt(traceParentFor(planned.traceParent));
      const { httpStatus, error, protocol } = outcome.attempt;
      const span = trace.getActiveSpan();
      if (httpStatus !== null) span?.setAttribute('http.response.status_code', httpStatus);
      if (protocol !== undefined) span?.setAttribute('network.protocol.version', protocol === 'h2' ? '2' : '1.1');
      if (error) span?.setAttribute('error.type', error.code);
      return outcome;
    },
  );
}
