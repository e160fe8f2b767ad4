import { isAdHocEndpoint, isListenerEndpoint, type DeliveryAttempt, type DeliveryEvent } from '@headrace/contracts';
import type { TimelineRow } from '../read-model.rows.js';
import { bucketOf } from './duration-buckets.js';

/** Which stored event a fact comes from: it counts once, when that event is stored. */
interface FactOfEvent {
  readonly project: string;
  readonly sequence: number;
  readonly endpointId: string;
}

/** One thing that is counted for an endpoint, in the slot of time in which it happened. */
export interface SlotFact extends FactOfEvent {
  /** Start of the slot, ISO 8601. */
  readonly slot: string;
  readonly kind: 'attempt' | 'delivery';
  /** Of an attempt the HTTP status or the error's code. A delivery is counted only when it is given up: `error`. */
  readonly outcome: string;
  /** Of an attempt's duration; 0 for a delivery. */
  readonly bucket: number;
  readonly durationMs: number;
}

/** The last failed attempt at an endpoint. */
export interface LastFailure {
  readonly at: string;
  readonly httpStatus: number | null;
  readonly error: { readonly code: string; readonly message: string };
  readonly deliveryId: string;
}

/** What an event changes in what is known of its endpoint at any time. */
export interface SummaryFact extends FactOfEvent {
  readonly planned: number;
  readonly ended: number;
  readonly successAt: string | null;
  readonly failure: LastFailure | null;
}

/** Facts of a batch of events. */
export interface EndpointFacts {
  readonly slots: readonly SlotFact[];
  readonly summaries: readonly SummaryFact[];
}

/** Width of a slot: a window begins at most so much earlier than was asked for. */
export const slotMs = 300_000;

/** The start of the slot that a time is in. */
export const slotOf = (at: Date): Date => new Date(Math.floor(at.getTime() / slotMs) * slotMs);

/** Codes of errors that say no more than the status; any other code says more than a status beside it. */
const statusErrors: ReadonlySet<string> = new Set(['http_status', 'redirect_not_followed']);

const deliveryTypes: ReadonlySet<string> = new Set<DeliveryEvent['type']>([
  'delivery.planned',
  'delivery.attempted',
  'delivery.succeeded',
  'delivery.dead-lettered',
]);

/**
 * What events tell of registered endpoints. A request's own `webhook_url` and a listening laptop are no endpoints that
 * could be asked for, and there may be as many of them as there are requests.
 */
export function endpointFactsOf(rows: readonly TimelineRow[]): EndpointFacts {
  const slots: SlotFact[] = [];
  const summaries: SummaryFact[] = [];
  const seen = new Set<number>();
  for (const row of rows) {
    if (!isOfEndpoint(row) || seen.has(row.sequence)) continue;
    seen.add(row.sequence);
    const { project, sequence, at, event } = eventOf(row);
    const place = { project, sequence, endpointId: event.data.endpointId };
    const slot = slotOf(new Date(at)).toISOString();
    for (const counted of countedOf(event)) slots.push({ ...place, slot, ...counted });
    summaries.push({ ...place, ...changeOf(event, at) });
  }
  return { slots, summaries };
}

function isOfEndpoint({ type, data }: TimelineRow): boolean {
  if (!deliveryTypes.has(type)) return false;
  const { endpointId } = data as { endpointId?: unknown };
  return typeof endpointId === 'string' && !isAdHocEndpoint(endpointId) && !isListenerEndpoint(endpointId);
}

const eventOf = (row: TimelineRow) => ({ ...row, event: { type: row.type, data: row.data } as DeliveryEvent });

type Counted = Pick<SlotFact, 'kind' | 'outcome' | 'bucket' | 'durationMs'>;

const givenUp: Counted = { kind: 'delivery', outcome: 'error', bucket: 0, durationMs: 0 };

/** A delivery that succeeded is its one successful attempt, so it is not counted beside it. */
function countedOf(event: DeliveryEvent): Counted[] {
  switch (event.type) {
    case 'delivery.planned':
      return [];
    case 'delivery.attempted':
    case 'delivery.succeeded':
      return [anAttempt(event.data.attempt)];
    case 'delivery.dead-lettered':
      return [givenUp, ...(event.data.attempt ? [anAttempt(event.data.attempt)] : [])];
  }
}

const anAttempt = (attempt: DeliveryAttempt): Counted => ({
  kind: 'attempt',
  outcome: outcomeOf(attempt),
  bucket: bucketOf(attempt.durationMs),
  durationMs: attempt.durationMs,
});

function outcomeOf({ httpStatus, error }: DeliveryAttempt): string {
  if (httpStatus !== null && (error === null || statusErrors.has(error.code))) return String(httpStatus);
  return error?.code ?? 'unknown';
}

function changeOf(event: DeliveryEvent, at: string): Omit<SummaryFact, keyof FactOfEvent> {
  const unchanged = { planned: 0, ended: 0, successAt: null, failure: null };
  switch (event.type) {
    case 'delivery.planned':
      return { ...unchanged, planned: 1 };
    case 'delivery.attempted':
      return { ...unchanged, failure: failureOf(event.data.deliveryId, event.data.attempt, at) };
    case 'delivery.succeeded':
      return { ...unchanged, ended: 1, successAt: at };
    case 'delivery.dead-lettered': {
      const { deliveryId, attempt } = event.data;
      return { ...unchanged, ended: 1, failure: attempt && failureOf(deliveryId, attempt, at) };
    }
  }
}

const failureOf = (deliveryId: string, { httpStatus, error }: DeliveryAttempt, at: string): LastFailure | null =>
  error && { at, httpStatus, error: { code: error.code, message: error.message }, deliveryId };
