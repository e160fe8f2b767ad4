// Made of the OpenAPI document by tools/sdk/generate-types.mjs: change the classes that it describes.

export interface NewReplay {
  /** These dead letters. */
  readonly ids?: readonly string[];
  /** True: every dead letter of the project. */
  readonly all?: boolean;
  /** All of this endpoint. */
  readonly endpoint_id?: string;
  /** All of this request. */
  readonly channel_id?: string;
  readonly type?:
    | 'task.completed'
    | 'task.ai_generated'
    | 'task.reminder'
    | 'task.failed'
    | 'headrace.endpoint.disabled'
    | 'headrace.budget.reached';
  /** Those whose last attempt was answered with this status. */
  readonly http_status?: number;
  /** Those with this error code, `timeout` for example. */
  readonly error?: string;
  /** Those given up at or after this time. */
  readonly since?: string;
  /** Those given up before this time. */
  readonly until?: string;
  readonly rate_per_second?: number;
  /** Another endpoint of the project that all of it goes to, not each letter's own. */
  readonly to_endpoint_id?: string;
  /** Sends also what was replayed well before. */
  readonly include_replayed?: boolean;
}

export interface Replay {
  readonly id: string;
  /** `completed`: each letter was planned or skipped; deliveries may still be under way. */
  readonly status: 'running' | 'paused' | 'completed' | 'cancelled' | 'failed';
  /** Letters that were chosen when it was made. */
  readonly total: number;
  /** Deliveries that were made of them so far. */
  readonly planned: number;
  /** Of these: taken by the endpoint. */
  readonly succeeded: number;
  /** Of these: dead letters again. */
  readonly failed: number;
  /** Of these: under way. */
  readonly pending: number;
  /** Letters that no delivery was made of. */
  readonly skipped: number;
  /** Why they were skipped: how many for each reason. */
  readonly skipped_reasons: Readonly<Record<string, number>>;
  /** Deliveries made within a second, at most. */
  readonly rate_per_second: number;
  /** Where all of it goes; null: to its own endpoints. */
  readonly to_endpoint_id: string | null;
  /** Whether letters are sent that were replayed well before. */
  readonly include_replayed: boolean;
  /** Why it failed. */
  readonly failure: string | null;
  readonly created_at: string;
  readonly finished_at: string | null;
}
