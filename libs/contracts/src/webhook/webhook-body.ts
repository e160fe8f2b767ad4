import type { RequestEvent } from '../events/request.events.js';
import type { RequestContext } from '../events/shared.schemas.js';
import type { Json, JsonObject } from '../schema/json.js';
import { metaOf, type Meta } from '../wire/meta.js';
import type { TaskWebhookType } from './webhook-types.js';

/** Body of a webhook (CONTRACT section 4). Serialised once; the bytes are stored and resent unchanged. */
export interface WebhookBody {
  readonly type: TaskWebhookType;
  readonly event?: string | null;
  readonly workflow: string;
  readonly status: 'success' | 'error';
  readonly channel_id: string;
  /** Given once the request went on after a callback: how often it did so, and which workflow of the chain runs. */
  readonly round?: number;
  readonly stage?: number;
  /** Of a reminder: which one of this answer it is, from 1, and since and until when a callback is awaited. */
  readonly reminder?: { readonly number: number; readonly waiting_since: string; readonly deadline: string };
  readonly ai_response?: { readonly data: Json };
  readonly data: Json;
  readonly callback_url?: string;
  readonly callback_required?: true;
  readonly error?: { readonly message: string; readonly code: string; readonly details: JsonObject };
  readonly customer_data: JsonObject;
  readonly meta: Meta;
  /** ISO 8601 with milliseconds: when the state was reached, not when it was sent. */
  readonly timestamp: string;
}

/**
 * The webhook that an event calls for; undefined when it calls for none: an accepted request, an event-driven one
 * that its own backend completed, and one whose caller waited for the answer.
 */
export function webhookBodyOf(channel: string, event: RequestEvent, callbackUrl: string): WebhookBody | undefined {
  if (event.data.context.sync) return undefined;
  switch (event.type) {
    case 'request.accepted':
    case 'request.continued':
      return undefined;
    case 'request.generated': {
      const { context, generation, output, generatedAt } = event.data;
      return {
        type: 'task.ai_generated',
        event: context.eventName,
        workflow: context.workflow,
        status: 'success',
        channel_id: channel,
        ...roundOf(context),
        ai_response: { data: output.data },
        data: output.data,
        callback_url: callbackUrl,
        callback_required: true,
        customer_data: context.customerData,
        meta: metaOf(context, generation, 'success'),
        timestamp: generatedAt,
      };
    }
    case 'request.completed': {
      const { context, generation, output, callback, completedAt } = event.data;
      if (callback) return undefined;
      return {
        type: 'task.completed',
        workflow: context.workflow,
        status: 'success',
        channel_id: channel,
        ...roundOf(context),
        data: output.data,
        meta: metaOf(context, generation, 'success'),
        customer_data: context.customerData,
        timestamp: completedAt,
      };
    }
    case 'request.failed': {
      const { context, generation, code, message, details, failedAt } = event.data;
      return {
        type: 'task.failed',
        ...(context.eventName === null ? {} : { event: context.eventName }),
        workflow: context.workflow,
        status: 'error',
        channel_id: channel,
        ...roundOf(context),
        data: {},
        error: { message, code, details },
        meta: metaOf(context, generation, 'error'),
        customer_data: context.customerData,
        timestamp: failedAt,
      };
    }
  }
}

/** Which round and workflow a webhook is of, once a callback asked for another answer. */
export const roundOf = ({ progress }: RequestContext) => progress && { round: progress.round, stage: progress.stage };

/**
 * Where a backend posts its callback for a round of a request. Later rounds are named, so that a callback that comes
 * late is not taken for one of the round that runs by then.
 */
export function callbackUrlOf(publicUrl: string, channel: string, round = 0): string {
  const url = `${publicUrl}/v1/callback/${channel}`;
  return round === 0 ? url : `${url}?round=${round}`;
}
