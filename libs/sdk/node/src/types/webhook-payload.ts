import type { Json, JsonObject } from './json.js';
import type { Meta } from './meta.js';

/** What all webhooks about a request have. `Data`: the shape of your workflow's structured output. */
interface TaskPayload<Data> {
  readonly workflow: string;
  readonly channel_id: string;
  /** Given once the request went on after a callback: how often it did so, and which workflow of a chain runs. */
  readonly round?: number;
  readonly stage?: number;
  /** The structured output, or the provider's body (`choices`) when there is none. */
  readonly data: Data;
  readonly customer_data: JsonObject;
  readonly meta: Meta;
  /** ISO 8601: when the state was reached, not when it was sent. */
  readonly timestamp: string;
}

/** A standard request has its answer. */
export interface TaskCompleted<Data = Json> extends TaskPayload<Data> {
  readonly type: 'task.completed';
  readonly status: 'success';
}

/** Fields of a webhook that waits for a callback. */
interface AwaitsCallback<Data> extends TaskPayload<Data> {
  /** The event name. */
  readonly event: string;
  readonly status: 'success';
  readonly ai_response: { readonly data: Data };
  /** Where the callback goes; `headrace.callbacks` posts there. */
  readonly callback_url: string;
  readonly callback_required: true;
}

/** The AI has answered an event-driven request, which now waits for your callback. */
export interface TaskAiGenerated<Data = Json> extends AwaitsCallback<Data> {
  readonly type: 'task.ai_generated';
}

/** A callback is still awaited; answer it like the `task.ai_generated` that it repeats. */
export interface TaskReminder<Data = Json> extends AwaitsCallback<Data> {
  readonly type: 'task.reminder';
  readonly reminder: {
    /** From 1. */
    readonly number: number;
    readonly waiting_since: string;
    readonly deadline: string;
  };
}

/** A request has failed, or was cancelled (`error.code: "cancelled"`). */
export interface TaskFailed extends TaskPayload<JsonObject> {
  readonly type: 'task.failed';
  /** The event name of an event-driven request. */
  readonly event?: string;
  readonly status: 'error';
  readonly error: { readonly message: string; readonly code: string; readonly details: JsonObject };
}

/** What happened to an endpoint that was switched off. */
export interface EndpointDisabledFacts {
  readonly endpoint_id: string;
  readonly url: string;
  readonly reason: string;
  readonly failing_since: string | null;
  readonly last_attempt: {
    readonly number: number;
    readonly at: string;
    readonly duration_ms: number;
    readonly http_status: number | null;
    readonly error: { readonly code: string; readonly message: string } | null;
  };
  readonly disabled_at: string;
}

/** The system switched one of your webhook endpoints off. Comes only to endpoints that name this type. */
export interface EndpointDisabled extends EndpointDisabledFacts {
  readonly type: 'headrace.endpoint.disabled';
  readonly data: EndpointDisabledFacts;
  readonly timestamp: string;
}

/** What happened to a budget. */
export interface BudgetReachedFacts {
  readonly budget: string;
  readonly period: 'day' | 'month';
  readonly period_start: string;
  /** Null: the budget is that of the whole project. */
  readonly api_key_id: string | null;
  readonly threshold: 'alert' | 'limit';
  readonly threshold_usd: number;
  readonly spent_usd: number;
  readonly reached_at: string;
}

/** A budget alerts, or is used up. Comes only to endpoints that name this type. */
export interface BudgetReached extends BudgetReachedFacts {
  readonly type: 'headrace.budget.reached';
  readonly data: BudgetReachedFacts;
  readonly timestamp: string;
}

/**
 * Every webhook, told apart by `type`. Later versions of Headrace may have more types: answer those that you do not
 * know with 200.
 */
export type WebhookPayload<Data = Json> =
  TaskCompleted<Data> | TaskAiGenerated<Data> | TaskReminder<Data> | TaskFailed | EndpointDisabled | BudgetReached;

/** The `type` of a webhook. */
export type WebhookType = WebhookPayload['type'];
