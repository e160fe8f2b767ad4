// Made of the OpenAPI document by tools/sdk/generate-types.mjs: change the classes that it describes.
import type { Json, JsonObject } from '../json.js';
import type { Fallback, WorkflowRetry } from './workflows.js';

export interface WorkflowDefinition {
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
}

export interface WorkflowVersion {
  readonly version: number;
  readonly workflow: WorkflowDefinition;
  /** Who made the change: `key:<id>`, or a part of the system. */
  readonly actor: string;
  /** The version that a rollback brought back. */
  readonly restored_from: number | null;
  readonly changed_at: string;
}

export interface WorkflowChange {
  /** JSON Pointer into the workflow. */
  readonly path: string;
  /** Left out where there was nothing. */
  readonly from?: Json;
  /** Left out where nothing is any more. */
  readonly to?: Json;
}

export interface WorkflowDiff {
  readonly from: number;
  readonly to: number;
  readonly changes: readonly WorkflowChange[];
}
