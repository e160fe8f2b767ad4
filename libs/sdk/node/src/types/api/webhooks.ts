// Made of the OpenAPI document by tools/sdk/generate-types.mjs: change the classes that it describes.
import type { JsonObject } from '../json.js';
import type { DeliveryAttempt } from './deliveries.js';

export interface RetrySchedule {
  /** Seconds to wait before each attempt, counted from the one before. The first attempt is made at once: the leading 0 may be left out. */
  readonly schedule_seconds: readonly number[];
}

export interface RetryGrowth {
  /** Attempts in all. */
  readonly attempts: number;
  /** Wait before attempt 2, more than 0. */
  readonly initial_seconds: number;
  /** By how much each wait is longer. */
  readonly factor: number;
  /** No wait is longer. */
  readonly max_seconds: number;
}

export interface NewWebhookEndpoint {
  readonly description?: string | null;
  /** Null: every `task.…` type. Others come only where they are named. */
  readonly events?:
    | readonly (
        | 'task.completed'
        | 'task.ai_generated'
        | 'task.reminder'
        | 'task.failed'
        | 'headrace.endpoint.disabled'
        | 'headrace.budget.reached'
      )[]
    | null;
  /** Names of workflows; null: all. */
  readonly workflows?: readonly string[] | null;
  /** Event names; null: all, and none as well. */
  readonly event_names?: readonly string[] | null;
  /** Conditions on the body of the webhook, by dotted path. */
  readonly payload_filter?: object | null;
  /** Sent with every attempt. Stored encrypted, shown masked, replaced all at once. */
  readonly headers?: Readonly<Record<string, string>> | null;
  /** When failed attempts are made again; null: as the project's `retry` says. */
  readonly retry?: RetrySchedule | RetryGrowth | null;
  readonly max_in_flight?: number | null;
  readonly rate_limit_per_second?: number | null;
  /** Path into the body: webhooks with the same value there are delivered in order. */
  readonly fifo_key?: string | null;
  readonly url: string;
}

export interface WebhookEndpointChanges {
  readonly description?: string | null;
  /** Null: every `task.…` type. Others come only where they are named. */
  readonly events?:
    | readonly (
        | 'task.completed'
        | 'task.ai_generated'
        | 'task.reminder'
        | 'task.failed'
        | 'headrace.endpoint.disabled'
        | 'headrace.budget.reached'
      )[]
    | null;
  /** Names of workflows; null: all. */
  readonly workflows?: readonly string[] | null;
  /** Event names; null: all, and none as well. */
  readonly event_names?: readonly string[] | null;
  /** Conditions on the body of the webhook, by dotted path. */
  readonly payload_filter?: object | null;
  /** Sent with every attempt. Stored encrypted, shown masked, replaced all at once. */
  readonly headers?: Readonly<Record<string, string>> | null;
  /** When failed attempts are made again; null: as the project's `retry` says. */
  readonly retry?: RetrySchedule | RetryGrowth | null;
  readonly max_in_flight?: number | null;
  readonly rate_limit_per_second?: number | null;
  /** Path into the body: webhooks with the same value there are delivered in order. */
  readonly fifo_key?: string | null;
  readonly url?: string;
  /** Switch it off, or on again after the system switched it off. */
  readonly active?: boolean;
}

export interface WebhookEndpoint {
  readonly id: string;
  readonly url: string;
  readonly description: string | null;
  /** disabled: not active; paused: active, and its deliveries wait. */
  readonly status: 'active' | 'paused' | 'disabled';
  /** Null: every `task.…` type. Others come only where they are named. */
  readonly events:
    | readonly (
        | 'task.completed'
        | 'task.ai_generated'
        | 'task.reminder'
        | 'task.failed'
        | 'headrace.endpoint.disabled'
        | 'headrace.budget.reached'
      )[]
    | null;
  /** Null: all. */
  readonly workflows: readonly string[] | null;
  /** Null: all, and none as well. */
  readonly event_names: readonly string[] | null;
  readonly payload_filter: JsonObject | null;
  /** Names, and values masked. */
  readonly headers: Readonly<Record<string, string>>;
  /** Null: as the project's `retry` says. */
  readonly retry: RetrySchedule | RetryGrowth | null;
  /** Null: the operator's limit. */
  readonly max_in_flight: number | null;
  /** Null: no limit. */
  readonly rate_limit_per_second: number | null;
  /** Null: no order. */
  readonly fifo_key: string | null;
  readonly active: boolean;
  readonly paused: boolean;
  readonly paused_at: string | null;
  /** Since when every attempt has failed. */
  readonly failing_since: string | null;
  /** Why the system switched it off. */
  readonly disabled_reason: string | null;
  readonly created_at: string;
  readonly updated_at: string;
}

export interface WebhookEndpointWithSecret {
  readonly id: string;
  readonly url: string;
  readonly description: string | null;
  /** disabled: not active; paused: active, and its deliveries wait. */
  readonly status: 'active' | 'paused' | 'disabled';
  /** Null: every `task.…` type. Others come only where they are named. */
  readonly events:
    | readonly (
        | 'task.completed'
        | 'task.ai_generated'
        | 'task.reminder'
        | 'task.failed'
        | 'headrace.endpoint.disabled'
        | 'headrace.budget.reached'
      )[]
    | null;
  /** Null: all. */
  readonly workflows: readonly string[] | null;
  /** Null: all, and none as well. */
  readonly event_names: readonly string[] | null;
  readonly payload_filter: JsonObject | null;
  /** Names, and values masked. */
  readonly headers: Readonly<Record<string, string>>;
  /** Null: as the project's `retry` says. */
  readonly retry: RetrySchedule | RetryGrowth | null;
  /** Null: the operator's limit. */
  readonly max_in_flight: number | null;
  /** Null: no limit. */
  readonly rate_limit_per_second: number | null;
  /** Null: no order. */
  readonly fifo_key: string | null;
  readonly active: boolean;
  readonly paused: boolean;
  readonly paused_at: string | null;
  /** Since when every attempt has failed. */
  readonly failing_since: string | null;
  /** Why the system switched it off. */
  readonly disabled_reason: string | null;
  readonly created_at: string;
  readonly updated_at: string;
  /** Signs the webhooks. Keep it: it is shown only here. */
  readonly secret: string;
}

export interface SecretRotation {
  /** Seconds in which the old secret signs as well, beside the new one. */
  readonly overlap_seconds?: number;
  /** The same in hours. */
  readonly overlap_hours?: number;
}

export interface TestedWebhook {
  readonly type: 'task.completed' | 'task.ai_generated' | 'task.reminder' | 'task.failed';
  /** Its `webhook-id`: of no other webhook, and in no list. */
  readonly webhook_id: string;
  /** The body, byte for byte as it was sent. */
  readonly payload: string;
  /** As they were sent, signatures included; the values of the endpoint's own headers are masked. */
  readonly headers: Readonly<Record<string, string>>;
  readonly attempt: DeliveryAttempt;
}

export interface WebhookTestResult {
  readonly data: readonly TestedWebhook[];
}

export interface DeliveryCounts {
  /** `success`, `error` and `pending` together. */
  readonly total: number;
  /** Taken by the endpoint in the window. */
  readonly success: number;
  /** Given up in the window: dead letters. */
  readonly error: number;
  /** Open now, whenever they were planned. */
  readonly pending: number;
}

export interface AttemptCounts {
  readonly total: number;
  /** Answered with a 2xx. */
  readonly success: number;
  readonly failed: number;
}

export interface AttemptDurations {
  /** Percentiles are estimated from buckets, to within a fifth. */
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly max: number | null;
}

export interface FailureError {
  /** Stable, for machines. */
  readonly code: string;
  readonly message: string;
}

export interface LastFailure {
  readonly at: string;
  /** Null: no answer came. */
  readonly http_status: number | null;
  readonly error: FailureError;
  readonly delivery_id: string;
}

export interface WebhookEndpointStats {
  readonly endpoint_id: string;
  readonly window: '1h' | '24h' | '7d' | '30d';
  /** Up to five minutes before the window. */
  readonly from: string;
  readonly to: string;
  readonly deliveries: DeliveryCounts;
  readonly attempts: AttemptCounts;
  /** Share of the attempts that succeeded; null: none. */
  readonly success_rate: number | null;
  /** Of attempts, successful and failed; null: none. */
  readonly duration_ms: AttemptDurations;
  /** Whenever it was. */
  readonly last_success_at: string | null;
  /** The last failed attempt, whenever it was. */
  readonly last_failure: LastFailure | null;
  /** Attempts by HTTP status, or by error code where no complete answer came. */
  readonly by_status: Readonly<Record<string, number>>;
}
