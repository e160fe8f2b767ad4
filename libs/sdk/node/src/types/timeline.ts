import type { ChatMessage } from './ask.js';
import type { Json, JsonObject } from './json.js';

/** Why something failed: a code for machines, a sentence for people. */
export interface TimelineError {
  readonly code: string;
  readonly message: string;
}

/** What all entries have. Field names are those of the wire. */
interface EntryOf<Kind extends string, Status extends string> {
  readonly kind: Kind;
  readonly status: Status;
  /** How the console colours it. */
  readonly color: 'gray' | 'blue' | 'amber' | 'green' | 'red';
  /** When it began, ISO 8601. */
  readonly at: string;
  /** Null where it took no time of its own or has not ended. */
  readonly duration_ms: number | null;
}

/** An attempt at a provider that failed, before it or another one was tried again, or as the last one. */
export interface FailoverEntry extends EntryOf<'failover', 'error'> {
  readonly provider: string;
  readonly model: string;
  /** Whether its target was tried for the first time, again, or to mend its own answer. */
  readonly attempt_kind: 'first' | 'retry' | 'repair';
  readonly http_status: number | null;
  readonly error: string | null;
  readonly error_code: string | null;
  /** When the same target was to be tried again; null: it was not, unless to mend its answer. */
  readonly retry_at: string | null;
  /** An answer that did not fit its schema, as the model wrote it. */
  readonly content: string | null;
  /** How it did not fit. */
  readonly violations: readonly { readonly path: string; readonly message: string }[] | null;
}

/** The call of the AI. */
export interface RequestEntry extends EntryOf<'request', 'pending' | 'success' | 'error' | 'cancelled'> {
  readonly workflow: string;
  readonly workflow_version: number | null;
  /** How often a callback had asked for another answer before. */
  readonly round: number;
  /** Which workflow of a chain it is, from 1. */
  readonly stage: number;
  readonly event_name: string | null;
  readonly environment: string;
  readonly test_mode: boolean;
  readonly provider: string;
  readonly model: string;
  readonly http_status: number | null;
  readonly tokens: { readonly prompt: number; readonly completion: number; readonly total: number } | null;
  readonly cost_usd: number | null;
  readonly structured_output: boolean;
  readonly offline_fallback: boolean;
  /** Why another target than the primary was tried first; null when it was not. */
  readonly order_changed: string | null;
  readonly error: TimelineError | null;
  /** Null when they are no longer kept. */
  readonly messages: readonly ChatMessage[] | null;
  readonly output: Json;
}

/** One payload on its way to one endpoint. */
export interface DeliveryEntry extends EntryOf<'delivery', 'planned' | 'delivering' | 'success' | 'error'> {
  readonly delivery_id: string;
  readonly endpoint_id: string;
  /** That of the webhook. */
  readonly type: string;
  readonly url: string;
  /** Of the last attempt. */
  readonly http_status: number | null;
  readonly error: TimelineError | null;
  /** Null when no further attempt will be made. */
  readonly next_attempt_at: string | null;
  /** The raw body that was sent. */
  readonly request_body: string | null;
  readonly attempts: readonly {
    readonly number: number;
    readonly at: string;
    readonly duration_ms: number;
    readonly http_status: number | null;
    readonly error: TimelineError | null;
    readonly response_body: string | null;
  }[];
  /** The dead letter that it sends once more; null for a delivery of the request itself. */
  readonly replay_of: string | null;
}

/** A callback of your backend, or the wait for it. */
export interface CallbackEntry extends EntryOf<
  'callback',
  'progress' | 'success' | 'error' | 'timeout' | 'cancelled' | 'simulated'
> {
  /** Whether it decided the request; a refused one is only told. */
  readonly accepted: boolean;
  readonly deadline: string | null;
  readonly task_id: string | null;
  readonly data: JsonObject | null;
  readonly metadata: JsonObject | null;
  /** What the tools came to that the model had called; null for a callback that brought none. */
  readonly tool_results: readonly { readonly tool_call_id: string; readonly content: Json }[] | null;
  /** The workflow that the callback went on with; null for one that named none. */
  readonly continue_with: string | null;
  readonly error: TimelineError | null;
}

/** Your backend was reminded that its callback is awaited; the webhook itself is a delivery. */
export interface ReminderEntry extends EntryOf<'reminder', 'sent'> {
  /** From 1, within the wait for one callback. */
  readonly number: number;
  /** When the window of the callback closes. */
  readonly deadline: string;
}

/** What watching clients were told: `status` is the state, or `joined`: a client began to watch. */
export interface RealtimeEntry extends EntryOf<'realtime', string> {
  /** How many clients were told the state. Null for a join. */
  readonly sockets: number | null;
  /** How many of them by each process, and how; empty for a join. */
  readonly pushes: readonly {
    readonly instance: string | null;
    readonly transport: 'socket' | 'events' | 'wait' | null;
    readonly at: string;
    readonly sockets: number;
  }[];
}

/** One thing that happened to a request, told apart by `kind`. Later versions of Headrace may have more kinds. */
export type TimelineEntry =
  FailoverEntry | RequestEntry | DeliveryEntry | CallbackEntry | ReminderEntry | RealtimeEntry;
