// Made of the OpenAPI document by tools/sdk/generate-types.mjs: change the classes that it describes.

export interface AttemptError {
  /** Stable, for machines. */
  readonly code: string;
  readonly message: string;
}

export interface AttemptTimings {
  /** Null: the host is an address, or a connection that was open already was used. */
  readonly dns_ms: number | null;
  /** Null: a connection that was open already was used, or it came to none. */
  readonly connect_ms: number | null;
  /** Null: no TLS, a connection that was open already was used, or it came to none. */
  readonly tls_ms: number | null;
  /** From the request being on its way to the head of the answer. Null: none came. */
  readonly first_byte_ms: number | null;
  /** From before DNS to the last byte of the answer. */
  readonly total_ms: number;
}

export interface DeliveryAttempt {
  readonly number: number;
  readonly at: string;
  readonly duration_ms: number;
  /** Null: no answer came. */
  readonly http_status: number | null;
  /** Null: the endpoint took it. */
  readonly error: AttemptError | null;
  /** The start of the answer's body, up to 16 KiB. */
  readonly response_body: string | null;
  /** Whether the body of the answer was longer than `response_body`. */
  readonly response_truncated: boolean;
  /** `http/1.1` or `h2`. Null: no answer came. */
  readonly protocol: string | null;
  /** Null: nothing was tried, or not measured. */
  readonly timings: AttemptTimings | null;
}

export interface Delivery {
  readonly id: string;
  readonly channel_id: string;
  readonly endpoint_id: string;
  readonly url: string;
  readonly type:
    | 'task.completed'
    | 'task.ai_generated'
    | 'task.reminder'
    | 'task.failed'
    | 'headrace.endpoint.disabled'
    | 'headrace.budget.reached';
  readonly status: 'planned' | 'delivering' | 'success' | 'error';
  readonly attempts: readonly DeliveryAttempt[];
  readonly next_attempt_at: string | null;
  /** The dead letter that this delivery sends once more. */
  readonly replay_of: string | null;
}

export interface LastReplay {
  /** That of the delivery. */
  readonly id: string;
  readonly endpoint_id: string;
  readonly status: 'planned' | 'delivering' | 'success' | 'error';
  readonly planned_at: string;
}

export interface DeadLetter {
  /** That of the delivery. */
  readonly id: string;
  readonly channel_id: string;
  readonly endpoint_id: string;
  readonly url: string;
  readonly type:
    | 'task.completed'
    | 'task.ai_generated'
    | 'task.reminder'
    | 'task.failed'
    | 'headrace.endpoint.disabled'
    | 'headrace.budget.reached';
  /** Of the last attempt; null: no answer came. */
  readonly http_status: number | null;
  readonly error: string | null;
  /** The error for machines. */
  readonly error_code: string | null;
  readonly dead_lettered_at: string;
  /** Until then it can be inspected and replayed. */
  readonly expires_at: string;
  /** Whether it was sent once more, whatever became of that. */
  readonly replayed: boolean;
  readonly last_replay: LastReplay | null;
}

export interface DeadLetterDetail {
  /** That of the delivery. */
  readonly id: string;
  readonly channel_id: string;
  readonly endpoint_id: string;
  readonly url: string;
  readonly type:
    | 'task.completed'
    | 'task.ai_generated'
    | 'task.reminder'
    | 'task.failed'
    | 'headrace.endpoint.disabled'
    | 'headrace.budget.reached';
  /** Of the last attempt; null: no answer came. */
  readonly http_status: number | null;
  readonly error: string | null;
  /** The error for machines. */
  readonly error_code: string | null;
  readonly dead_lettered_at: string;
  /** Until then it can be inspected and replayed. */
  readonly expires_at: string;
  /** Whether it was sent once more, whatever became of that. */
  readonly replayed: boolean;
  readonly last_replay: LastReplay | null;
  /** `webhook-id`: the same for every attempt and replay. */
  readonly message_id: string;
  /** Why no further attempt was made. */
  readonly reason: string;
  /** The dead letter that this one was a replay of. */
  readonly replay_of: string | null;
  /** The body, byte for byte as it was sent and as a replay sends it. */
  readonly payload: string;
  /** Headers of the last attempt, without signatures and trace; null: none was made. */
  readonly headers: Readonly<Record<string, string>> | null;
  readonly attempts: readonly DeliveryAttempt[];
}
