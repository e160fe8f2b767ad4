import type { RequestEvent } from '../events/request.events.js';
import type { Json, JsonObject } from '../schema/json.js';
import { metaOf, type Meta } from './meta.js';

/** Status words of the WebSocket event `response`; any other makes clients disconnect (CONTRACT section 2). */
export type ResponseStatus = 'ai_generated' | 'completed' | 'success' | 'error';

/** Payload of the WebSocket event `response` (CONTRACT section 3). */
export interface ResponsePayload {
  readonly status: ResponseStatus;
  readonly channel_id: string;
  readonly message?: string;
  readonly event_name?: string | null;
  /** Of an intermediate state, once the request went on after a callback: how often, and which workflow runs. */
  readonly round?: number;
  readonly stage?: number;
  readonly task_id?: string | null;
  readonly content?: string;
  readonly model?: string;
  readonly data?: Json;
  readonly ai_response?: { readonly data: Json; readonly meta: Meta };
  readonly callback_metadata?: JsonObject;
  readonly error?: { readonly message: string; readonly code: string; readonly details: JsonObject };
  readonly customer_data: JsonObject;
  readonly meta: Meta;
}

/** Whether no further state follows. */
export const isFinal = (payload: ResponsePayload): boolean => payload.status !== 'ai_generated';

/** What a client is told of a request's state; undefined while there is nothing to tell (the AI is asked). */
export function responsePayloadOf(channel: string, event: RequestEvent): ResponsePayload | undefined {
  switch (event.type) {
    case 'request.accepted':
    case 'request.continued':
      return undefined;
    case 'request.generated':
      return generatedPayload(channel, event.data);
    case 'request.completed':
      return event.data.callback ? completedPayload(channel, event.data) : successPayload(channel, event.data);
    case 'request.failed':
      return errorPayload(channel, event.data);
  }
}

type DataOfType<Type extends RequestEvent['type']> = Extract<RequestEvent, { type: Type }>['data'];

/** No data, no ai_response and no meta.status here: clients read meta.status first. */
function generatedPayload(channel: string, data: DataOfType<'request.generated'>): ResponsePayload {
  const { progress } = data.context;
  return {
    status: 'ai_generated',
    channel_id: channel,
    event_name: data.context.eventName,
    ...(progress && { round: progress.round, stage: progress.stage }),
    message: 'The AI has answered; waiting for the backend.',
    customer_data: data.context.customerData,
    meta: metaOf(data.context, data.generation),
  };
}

function successPayload(channel: string, data: DataOfType<'request.completed'>): ResponsePayload {
  return {
    status: 'success',
    message: 'success',
    channel_id: channel,
    ...(data.output.content === null ? {} : { content: data.output.content }),
    model: data.generation.usedModel,
    data: data.output.data,
    customer_data: data.context.customerData,
    meta: metaOf(data.context, data.generation, 'success'),
  };
}

function completedPayload(channel: string, data: DataOfType<'request.completed'>): ResponsePayload {
  return {
    status: 'completed',
    channel_id: channel,
    event_name: data.context.eventName,
    task_id: data.callback?.taskId ?? null,
    data: data.callback?.data ?? {},
    ai_response: { data: data.output.data, meta: metaOf(data.context, data.generation, 'success') },
    callback_metadata: data.callback?.metadata ?? {},
    customer_data: data.context.customerData,
    meta: metaOf(data.context, data.generation, 'completed'),
  };
}

function errorPayload(channel: string, data: DataOfType<'request.failed'>): ResponsePayload {
  return {
    status: 'error',
    channel_id: channel,
    ...(data.context.eventName === null ? {} : { event_name: data.context.eventName }),
    message: data.message,
    error: { message: data.message, code: data.code, details: data.details },
    data: null,
    customer_data: data.context.customerData,
    meta: metaOf(data.context, data.generation, 'error'),
  };
}
