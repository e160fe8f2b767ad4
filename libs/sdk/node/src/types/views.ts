import type { Delivery } from './api/deliveries.js';
import type { FinalState } from './channel.js';
import type { Json, JsonObject } from './json.js';
import type { TimelineEntry } from './timeline.js';

/** Where a request stands. Standard requests end with `success`, event-driven ones with `completed`. */
export type RequestState = 'pending' | 'ai_generated' | 'success' | 'completed' | 'error' | 'cancelled';

/** A request in a list. */
export interface RequestSummary {
  readonly channel_id: string;
  readonly state: RequestState;
  readonly workflow: string;
  /** Null for a request without a saved workflow. */
  readonly workflow_version: number | null;
  readonly event_name: string | null;
  readonly environment: string;
  readonly test_mode: boolean;
  readonly provider: string | null;
  readonly model: string | null;
  readonly tokens: { readonly prompt: number | null; readonly completion: number | null };
  readonly cost_usd: number | null;
  readonly duration_ms: number | null;
  readonly error: { readonly code: string; readonly message: string | null } | null;
  readonly customer_data: JsonObject;
  readonly created_at: string;
  readonly ended_at: string | null;
}

/** A request with its result and all that happened to it. `Data`: the shape of its structured output. */
export interface RequestDetail<Data = Json> {
  readonly channel_id: string;
  readonly project_id: string;
  readonly state: RequestState;
  readonly workflow: string;
  readonly workflow_version: number | null;
  readonly event_name: string | null;
  readonly environment: string;
  /** What clients of the WebSocket are told at the end; null until then. */
  readonly result: FinalState<Data> | null;
  readonly customer_data: JsonObject;
  readonly created_at: string;
  readonly ended_at: string | null;
  /** In order. */
  readonly timeline: readonly TimelineEntry[];
}

/** A request that has ended: its result is there, of a failed or cancelled one too. */
export interface EndedRequest<Data = Json> extends RequestDetail<Data> {
  readonly state: Exclude<RequestState, 'pending' | 'ai_generated'>;
  readonly result: FinalState<Data>;
  readonly ended_at: string;
}

/** How much of a list is read at a time. */
export interface PageSize {
  /** How many a page has: from 1 to 100. */
  readonly limit?: number;
}

/** Which requests are wanted. */
export interface RequestFilter extends PageSize {
  readonly state?: RequestState;
  readonly workflow?: string;
  readonly event_name?: string;
  readonly environment?: 'live' | 'test' | 'pg' | 'pg_test_mode';
}

/** A request that was cancelled, now or before. */
export interface CancelledRequest {
  readonly message: 'success';
  readonly status: 'cancelled';
  readonly channel_id: string;
  readonly cancelled_at: string;
}

/** Which deliveries are wanted. */
export interface DeliveryFilter extends PageSize {
  readonly channel_id?: string;
  readonly endpoint_id?: string;
  readonly status?: Delivery['status'];
}

/** Which dead letters are wanted. */
export interface DeadLetterFilter extends PageSize {
  readonly endpoint_id?: string;
  readonly channel_id?: string;
  readonly type?: string;
  /** Of the last attempt. */
  readonly http_status?: number;
  /** An error code, `timeout` for example. */
  readonly error?: string;
  /** ISO 8601: given up at or after, and before. */
  readonly since?: string;
  readonly until?: string;
  readonly replayed?: boolean;
}
