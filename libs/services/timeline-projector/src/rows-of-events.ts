import { laneQueued, type DeliveryEvent, type RequestEvent } from '@headrace/contracts';
import { deliverySummaryOf, requestSummaryOf } from '@headrace/domain';
import type { Recorded } from '@headrace/event-log';
import type { DeliveryRow, ReadModelRows, RequestRow, TimelineRow } from '@headrace/read-model';

/** Lanes say whose turn it is and are no request's story; there may be three of their events for each delivery. */
const laneAggregate = laneQueued.aggregate;

/** The rows that events are shown by: each in the timeline, and the state of its request or delivery after it. */
export function rowsOfEvents(events: readonly Recorded[]): ReadModelRows {
  const timeline: TimelineRow[] = [];
  const requests: RequestRow[] = [];
  const deliveries: DeliveryRow[] = [];
  for (const event of events) {
    const { type, data, sequence, time, address } = event;
    if (address.aggregate === laneAggregate) continue;
    const place = { project: address.project, channel: address.channel, sequence };
    timeline.push({ ...place, type, at: time, data });
    if (isRequestEvent(event)) requests.push({ ...place, ...requestSummaryOf(event) });
    if (isDeliveryEvent(event)) deliveries.push({ ...place, ...deliverySummaryOf(event, time) });
  }
  return { timeline, requests, deliveries };
}

const requestEvents: ReadonlySet<string> = new Set<RequestEvent['type']>([
  'request.accepted',
  'request.generated',
  'request.continued',
  'request.completed',
  'request.failed',
]);

const deliveryEvents: ReadonlySet<string> = new Set<DeliveryEvent['type']>([
  'delivery.planned',
  'delivery.attempted',
  'delivery.succeeded',
  'delivery.dead-lettered',
]);

const isRequestEvent = (event: Recorded): event is Recorded & RequestEvent => requestEvents.has(event.type);

const isDeliveryEvent = (event: Recorded): event is Recorded & DeliveryEvent => deliveryEvents.has(event.type);
