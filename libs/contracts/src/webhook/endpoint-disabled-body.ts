import type { DeliveryAttempt } from '../events/delivery.events.js';
import type { endpointDisabled } from '../events/endpoint.events.js';
import type { DataOf } from '../event.js';

/** What happened to the endpoint. */
interface EndpointDisabledFacts {
  readonly endpoint_id: string;
  readonly url: string;
  readonly reason: string;
  readonly failing_since: string | null;
  readonly last_attempt: {
    readonly number: number;
    readonly at: string;
    readonly duration_ms: number;
    readonly http_status: number | null;
    readonly error: DeliveryAttempt['error'];
  };
  readonly disabled_at: string;
}

/** Body of `headrace.endpoint.disabled`. The facts are in `data` as well, since one of the signatures covers only that. */
export interface EndpointDisabledBody extends EndpointDisabledFacts {
  readonly type: 'headrace.endpoint.disabled';
  readonly data: EndpointDisabledFacts;
  readonly timestamp: string;
}

/** The operational webhook that tells an endpoint's owner that the system switched it off. */
export function endpointDisabledBodyOf(event: DataOf<typeof endpointDisabled>): EndpointDisabledBody {
  const { endpointId, url, reason, failingSince, lastAttempt, disabledAt } = event;
  const facts: EndpointDisabledFacts = {
    endpoint_id: endpointId,
    url,
    reason,
    failing_since: failingSince,
    last_attempt: {
      number: lastAttempt.number,
      at: lastAttempt.startedAt,
      duration_ms: lastAttempt.durationMs,
      http_status: lastAttempt.httpStatus,
      error: lastAttempt.error,
    },
    disabled_at: disabledAt,
  };
  return { type: 'headrace.endpoint.disabled', ...facts, data: facts, timestamp: disabledAt };
}
