import {
  isFinal,
  responsePayloadOf,
  type JsonObject,
  type RequestEvent,
  type ResponsePayload,
  type ResponseStatus,
} from '@headrace/contracts';
import { timelineOf, type TimelineEntry, type TimelineEvent } from '@headrace/domain';

/** A request as `GET /v1/requests/{channel_id}` tells it. */
export interface RequestView {
  readonly channel_id: string;
  readonly project_id: string;
  readonly state: 'pending' | ResponseStatus | 'cancelled';
  readonly workflow: string;
  /** Null for a request without a saved workflow, and for one from before versions were noted. */
  readonly workflow_version: number | null;
  readonly event_name: string | null;
  readonly environment: string;
  /** The final frame's payload; null until the request has ended. */
  readonly result: ResponsePayload | null;
  readonly customer_data: JsonObject;
  readonly created_at: string;
  readonly ended_at: string | null;
  readonly timeline: readonly TimelineEntry[];
}

/** The view of a channel's events, oldest first; undefined when no request is among them. */
export function requestViewOf(
  project: string,
  channel: string,
  events: readonly TimelineEvent[],
): RequestView | undefined {
  const last = events.findLast(({ type }) => type.startsWith('request.'));
  if (!last) return undefined;
  const event = { type: last.type, data: last.data } as RequestEvent;
  const { workflow, workflowVersion, eventName, environment, customerData, acceptedAt } = event.data.context;
  const payload = responsePayloadOf(channel, event);
  return {
    channel_id: channel,
    project_id: project,
    state: isCancelled(event) ? 'cancelled' : (payload?.status ?? 'pending'),
    workflow,
    workflow_version: workflowVersion ?? null,
    event_name: eventName,
    environment,
    result: payload && isFinal(payload) ? payload : null,
    customer_data: customerData,
    created_at: acceptedAt,
    ended_at: endOf(event),
    timeline: timelineOf(events),
  };
}

/** Clients of the WebSocket are told `error`, for they know no word more; here it has its own. */
const isCancelled = (event: RequestEvent): boolean =>
  event.type === 'request.failed' && event.data.code === 'cancelled';

function endOf(event: RequestEvent): string | null {
  switch (event.type) {
    case 'request.completed':
      return event.data.completedAt;
    case 'request.failed':
      return event.data.failedAt;
    case 'request.accepted':
    case 'request.generated':
    case 'request.continued':
      return null;
  }
}
