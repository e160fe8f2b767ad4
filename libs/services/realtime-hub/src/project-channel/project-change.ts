import type {
  AnyEvent,
  DataOf,
  deliveryAttempted,
  GenerationSummary,
  realtimePushed,
  RequestContext,
  RequestEvent,
} from '@headrace/contracts';
import type { Recorded } from '@headrace/event-log';

/** What a change says whatever happened. */
interface Change {
  /** Type of the event in the log. */
  readonly type: AnyEvent['type'];
  readonly channel_id: string;
  /** ISO 8601. */
  readonly at: string;
}

/** A request came into a state. */
export interface RequestChange extends Change {
  readonly state: 'accepted' | 'generated' | 'continued' | 'completed' | 'failed' | 'cancelled';
  readonly workflow: string;
  readonly event_name: string | null;
  readonly environment: RequestContext['environment'];
  /** Provider and model that answered; before there is an answer, those that will be asked first. */
  readonly provider: string | null;
  readonly model: string | null;
  /** How long the generation took; null before there is one. */
  readonly duration_ms: number | null;
  /** Since the request was accepted. */
  readonly elapsed_ms: number;
  readonly cost_usd: number | null;
  readonly total_tokens: number | null;
  /** Whether this change came with the backend's callback. */
  readonly callback: boolean;
  /** Why it failed. */
  readonly error_code: string | null;
}

/** A try of a delivery came out. */
export interface DeliveryChange extends Change {
  readonly state: 'delivery_failed' | 'delivered' | 'dead_lettered';
  readonly delivery_id: string;
  readonly endpoint_id: string;
  readonly webhook_type: string;
  /** Number of the try, from 1; null when there was none. */
  readonly attempt: number | null;
  readonly http_status: number | null;
  readonly duration_ms: number | null;
  readonly error_code: string | null;
  readonly next_attempt_at: string | null;
}

/** A callback came that changed nothing. */
export interface CallbackChange extends Change {
  readonly state: 'callback_refused';
  readonly error_code: string;
}

/** Somebody looks at the request, or was told a state of it. */
export interface ViewerChange extends Change {
  readonly state: 'viewed' | 'pushed';
  /** Which state was pushed, by its word on the socket; null for a first join. */
  readonly pushed: string | null;
  /** Clients of one process that got it; each process tells its own. */
  readonly viewers: number;
  /** Which process; null for a first join. */
  readonly instance: string | null;
  readonly transport: 'socket' | 'events' | 'wait' | null;
}

/** One change as dashboards are told it: no prompt, no answer, no address and nothing that a customer wrote but names. */
export type ProjectChange = RequestChange | DeliveryChange | CallbackChange | ViewerChange;

/** What dashboards are told of an event; undefined for events that change nothing they show. */
export function projectChangeOf(recorded: Recorded): ProjectChange | undefined {
  const event = recorded as Recorded & AnyEvent;
  const change = { type: event.type, channel_id: recorded.address.channel, at: recorded.time };
  switch (event.type) {
    case 'request.accepted':
    case 'request.generated':
    case 'request.continued':
    case 'request.completed':
    case 'request.failed':
      return { ...change, ...requestFields(event, change.at) };
    case 'delivery.attempted': {
      const { attempt, nextAttemptAt } = event.data;
      return { ...change, ...deliveryFields(event.data, attempt, nextAttemptAt), state: 'delivery_failed' };
    }
    case 'delivery.succeeded':
      return { ...change, ...deliveryFields(event.data, event.data.attempt, null), state: 'delivered' };
    case 'delivery.dead-lettered':
      return { ...change, ...deliveryFields(event.data, event.data.attempt, null), state: 'dead_lettered' };
    case 'callback.refused':
      return { ...change, state: 'callback_refused', error_code: event.data.code };
    case 'realtime.joined':
      return { ...change, state: 'viewed', pushed: null, viewers: 1, instance: null, transport: null };
    case 'realtime.pushed':
      return { ...change, state: 'pushed', ...pushFields(event.data) };
    default:
      return undefined;
  }
}

function requestFields(event: RequestEvent, at: string): Omit<RequestChange, keyof Change> {
  const { context } = event.data;
  const common = {
    workflow: context.workflow,
    event_name: context.eventName,
    environment: context.environment,
    elapsed_ms: Math.max(0, Date.parse(at) - Date.parse(context.acceptedAt)),
    error_code: null,
  };
  switch (event.type) {
    case 'request.accepted':
      return { ...common, ...planned(event.data), state: 'accepted', callback: false };
    case 'request.continued':
      return { ...common, ...planned(event.data), state: 'continued', callback: true };
    case 'request.generated':
      return { ...common, ...generated(event.data.generation), state: 'generated', callback: false };
    case 'request.completed': {
      const { generation, callback } = event.data;
      return { ...common, ...generated(generation), state: 'completed', callback: callback !== null };
    }
    case 'request.failed': {
      const { code, generation, callback } = event.data;
      const state = code === 'cancelled' ? 'cancelled' : 'failed';
      return { ...common, ...generated(generation), state, callback: callback !== null, error_code: code };
    }
  }
}

type AnswerFields = Pick<RequestChange, 'provider' | 'model' | 'duration_ms' | 'cost_usd' | 'total_tokens'>;

function planned({ plan }: Extract<RequestEvent, { type: 'request.accepted' }>['data']): AnswerFields {
  const [first] = plan.targets;
  const nothing = { duration_ms: null, cost_usd: null, total_tokens: null };
  return { provider: first?.provider ?? null, model: first?.model ?? null, ...nothing };
}

function generated(generation: GenerationSummary | null): AnswerFields {
  const usage = generation?.usage;
  return {
    provider: generation?.usedProvider ?? null,
    model: generation?.usedModel ?? null,
    duration_ms: generation?.durationMs ?? null,
    cost_usd: generation?.costUsd ?? null,
    total_tokens: usage ? usage.promptTokens + usage.completionTokens : null,
  };
}

function pushFields({ status, sockets, instance, transport }: DataOf<typeof realtimePushed>) {
  return { pushed: status, viewers: sockets, instance: instance ?? null, transport: transport ?? null };
}

type Attempt = DataOf<typeof deliveryAttempted>['attempt'];

function deliveryFields(
  delivery: Pick<DataOf<typeof deliveryAttempted>, 'deliveryId' | 'endpointId' | 'webhookType'>,
  attempt: Attempt | null,
  nextAttemptAt: string | null,
): Omit<DeliveryChange, keyof Change | 'state'> {
  return {
    delivery_id: delivery.deliveryId,
    endpoint_id: delivery.endpointId,
    webhook_type: delivery.webhookType,
    attempt: attempt?.number ?? null,
    http_status: attempt?.httpStatus ?? null,
    duration_ms: attempt?.durationMs ?? null,
    error_code: attempt?.error?.code ?? null,
    next_attempt_at: nextAttemptAt,
  };
}
