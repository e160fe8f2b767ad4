import {
  isAdHocEndpoint,
  isListenerEndpoint,
  type DeliveryAttempt,
  type DeliveryEvent,
  type RequestEvent,
} from '@headrace/contracts';
import { countEndpointAttempt, metrics } from '@headrace/telemetry';

type Decision = RequestEvent | DeliveryEvent;

/** Codes of errors that say no more than the status. */
const statusErrors: ReadonlySet<string> = new Set(['http_status', 'redirect_not_followed']);

/**
 * Counts an event that the log confirmed. Here, because the log takes a decision once, whoever decides it and
 * however often it is tried: what is counted elsewhere counts attempts to decide.
 */
export function countAppended(event: { readonly type: string; readonly data: unknown }): void {
  metrics.eventsAppended.with(event.type).add();
  const { type, data } = event as Decision;
  switch (type) {
    case 'request.accepted':
      metrics.requestsAccepted.with(kindOf(data.context), data.context.environment).add();
      break;
    case 'request.completed':
      ended(data.context, data.context.eventName === null ? 'success' : 'completed', data.completedAt);
      break;
    case 'request.failed':
      ended(data.context, data.code, data.failedAt);
      break;
    case 'delivery.planned':
      metrics.deliveriesPlanned.with(data.webhookType, data.replayOf === undefined ? 'request' : 'replay').add();
      break;
    case 'delivery.attempted':
      attempted(data.endpointId, data.attempt);
      break;
    case 'delivery.succeeded':
      attempted(data.endpointId, data.attempt);
      metrics.deliveriesEnded.with(data.webhookType, 'success').add();
      break;
    case 'delivery.dead-lettered':
      if (data.attempt) attempted(data.endpointId, data.attempt);
      metrics.deliveriesEnded.with(data.webhookType, 'error').add();
      metrics.deadLetters.with('delivery').add();
      break;
    default:
  }
}

type Context = RequestEvent['data']['context'];

const kindOf = ({ eventName }: Context): string => (eventName === null ? 'standard' : 'event_driven');

function ended(context: Context, outcome: string, at: string): void {
  const seconds = (Date.parse(at) - Date.parse(context.acceptedAt)) / 1_000;
  metrics.requestDuration.with(kindOf(context), outcome).observe(seconds);
}

function attempted(endpointId: string, { number, durationMs, httpStatus, error }: DeliveryAttempt): void {
  const statusTells = httpStatus !== null && (error === null || statusErrors.has(error.code));
  const outcome = statusTells ? `${Math.floor(httpStatus / 100)}xx` : (error?.code ?? 'unknown');
  metrics.deliveryAttemptDuration.with(number === 1 ? 'first' : 'retry', outcome).observe(durationMs / 1_000);
  if (isAdHocEndpoint(endpointId) || isListenerEndpoint(endpointId)) return;
  countEndpointAttempt(endpointId, error === null ? 'success' : 'error');
}
