// Made of the OpenAPI document by tools/sdk/generate-types.mjs: change the classes that it describes.
import type { JsonObject } from '../json.js';

export interface Fallback {
  readonly provider: string;
  readonly model: string;
  /** Default: the workflow's own. */
  readonly timeout_ms?: number | null;
}

export interface WorkflowRetry {
  /** Tries of each, the first included. */
  readonly attempts: number;
  /** Wait before the second try. */
  readonly initial_seconds?: number;
  /** By how much each wait is longer. */
  readonly factor?: number;
  /** No wait is longer, but for one that the provider's Retry-After asks for. */
  readonly max_seconds?: number;
}

export interface NewWorkflow {
  readonly description?: string | null;
  /** Tried in order when the provider fails. */
  readonly fallbacks?: readonly Fallback[];
  /** Time limit of one provider call. */
  readonly timeout_ms?: number;
  /** Tries after failures that may pass (429, 5xx, no answer). Null: each is tried once. */
  readonly retry?: WorkflowRetry | null;
  /** How often a model may mend an answer that does not fit the structured output. */
  readonly repair_attempts?: number;
  /** Most generations at once. Null: no limit. */
  readonly max_concurrent?: number | null;
  /** A request may say another. */
  readonly priority?: 'low' | 'normal' | 'high';
  /** Fails a request whose generation has not begun by then. A request may say another. Null: never. */
  readonly expires_after_seconds?: number | null;
  /** How long an equal question is answered with an earlier answer. Null: never. */
  readonly cache_seconds?: number | null;
  /** Tell answers piece by piece on the channel. A request may say another. Null: HEADRACE_ASYNC_TOKENS. */
  readonly stream?: boolean | null;
  /** How often callbacks may send tool results before the answer must be final. */
  readonly max_tool_rounds?: number;
  /** Reminds of an awaited callback: every so many seconds, or that long after the answer. Null: never. */
  readonly reminder_seconds?: number | readonly number[] | null;
  readonly system_instructions?: string | null;
  readonly structured_output_id?: string | null;
  /** Paths for customer_data. */
  readonly cache_fields?: readonly string[];
  /** Makes the workflow event-driven. */
  readonly event_name?: string | null;
  /** Seconds that a backend has for its callback. */
  readonly callback_timeout?: number;
  /** The same as callback_timeout. */
  readonly callback_timeout_seconds?: number;
  readonly mode?: 'production' | 'testing';
  /** Delay of answers in testing mode. */
  readonly test_delay_ms?: number;
  /** Answer offline when every provider fails. */
  readonly offline_fallback?: boolean;
  /** Passed to the provider. */
  readonly parameters?: object;
  readonly name: string;
  readonly provider: string;
  readonly model: string;
}

export interface WorkflowChanges {
  readonly description?: string | null;
  /** Tried in order when the provider fails. */
  readonly fallbacks?: readonly Fallback[];
  /** Time limit of one provider call. */
  readonly timeout_ms?: number;
  /** Tries after failures that may pass (429, 5xx, no answer). Null: each is tried once. */
  readonly retry?: WorkflowRetry | null;
  /** How often a model may mend an answer that does not fit the structured output. */
  readonly repair_attempts?: number;
  /** Most generations at once. Null: no limit. */
  readonly max_concurrent?: number | null;
  /** A request may say another. */
  readonly priority?: 'low' | 'normal' | 'high';
  /** Fails a request whose generation has not begun by then. A request may say another. Null: never. */
  readonly expires_after_seconds?: number | null;
  /** How long an equal question is answered with an earlier answer. Null: never. */
  readonly cache_seconds?: number | null;
  /** Tell answers piece by piece on the channel. A request may say another. Null: HEADRACE_ASYNC_TOKENS. */
  readonly stream?: boolean | null;
  /** How often callbacks may send tool results before the answer must be final. */
  readonly max_tool_rounds?: number;
  /** Reminds of an awaited callback: every so many seconds, or that long after the answer. Null: never. */
  readonly reminder_seconds?: number | readonly number[] | null;
  readonly system_instructions?: string | null;
  readonly structured_output_id?: string | null;
  /** Paths for customer_data. */
  readonly cache_fields?: readonly string[];
  /** Makes the workflow event-driven. */
  readonly event_name?: string | null;
  /** Seconds that a backend has for its callback. */
  readonly callback_timeout?: number;
  /** The same as callback_timeout. */
  readonly callback_timeout_seconds?: number;
  readonly mode?: 'production' | 'testing';
  /** Delay of answers in testing mode. */
  readonly test_delay_ms?: number;
  /** Answer offline when every provider fails. */
  readonly offline_fallback?: boolean;
  /** Passed to the provider. */
  readonly parameters?: object;
  readonly name?: string;
  readonly provider?: string;
  readonly model?: string;
}

export interface WorkflowWarning {
  readonly code:
    | 'unknown_provider'
    | 'missing_credentials'
    | 'unsupported_parameter'
    | 'contradiction'
    | 'repeated_target'
    | 'unknown_field';
  /** The field that it is about. */
  readonly param: string;
  readonly message: string;
}

export interface Workflow {
  readonly name: string;
  readonly description: string | null;
  readonly provider: string;
  readonly model: string;
  readonly fallbacks: readonly Fallback[];
  readonly timeout_ms: number;
  readonly retry: WorkflowRetry | null;
  readonly repair_attempts: number;
  readonly max_concurrent: number | null;
  readonly priority: 'low' | 'normal' | 'high';
  readonly expires_after_seconds: number | null;
  readonly cache_seconds: number | null;
  readonly stream: boolean | null;
  readonly max_tool_rounds: number;
  readonly reminder_seconds: number | readonly number[] | null;
  readonly system_instructions: string | null;
  readonly structured_output_id: string | null;
  readonly cache_fields: readonly string[];
  readonly event_name: string | null;
  /** Seconds. */
  readonly callback_timeout: number;
  /** The same. */
  readonly callback_timeout_seconds: number;
  readonly mode: 'production' | 'testing';
  readonly test_delay_ms: number;
  readonly offline_fallback: boolean;
  readonly parameters: JsonObject;
  readonly id: string;
  /** Grows by one with each change. */
  readonly version: number;
  /** Nothing of it kept the workflow from being saved. */
  readonly warnings: readonly WorkflowWarning[];
  readonly created_at: string;
  readonly updated_at: string;
}

export interface Deleted {
  readonly id: string;
  readonly deleted: true;
}
