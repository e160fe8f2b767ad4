/** What the system's public interfaces answer, as a client reads it. */

/** Answer of `POST /v1/ai/async`. */
export interface AsyncReply {
  readonly message: string;
  readonly status: string;
  readonly channel_id: string;
  readonly project_id: string;
  readonly ws_token: string;
  readonly websocket_url: string;
  readonly websocket_channel: string;
  readonly customer_data: Record<string, unknown>;
  readonly test_mode?: boolean;
}

/** One entry of a timeline: the fields that tests look at. */
export interface TimelineEntry {
  readonly kind: 'failover' | 'request' | 'delivery' | 'callback' | 'reminder' | 'realtime';
  readonly status: string;
  readonly type?: string;
  readonly url?: string;
  readonly accepted?: boolean;
  readonly round?: number;
  readonly stage?: number;
  readonly workflow?: string;
  readonly number?: number;
  readonly tool_results?: readonly unknown[] | null;
  readonly deadline?: string | null;
  readonly http_status?: number | null;
  readonly next_attempt_at?: string | null;
  readonly request_body?: string | null;
  readonly replay_of?: string | null;
  readonly sockets?: number | null;
  readonly pushes?: readonly { readonly transport: string | null; readonly sockets: number }[];
  readonly attempts?: readonly { readonly number: number; readonly http_status: number | null }[];
  readonly error?: { readonly code: string; readonly message: string } | null;
}

/** Answer of `GET /v1/requests/{channel_id}`. */
export interface RequestView {
  readonly channel_id: string;
  readonly state: 'pending' | 'ai_generated' | 'success' | 'completed' | 'error';
  readonly workflow_version: number | null;
  readonly result: Record<string, unknown> | null;
  readonly timeline: readonly TimelineEntry[];
}

/** Answer of `GET /v1/dead-letters/{id}`: the fields that tests look at. */
export interface DeadLetter {
  readonly id: string;
  readonly channel_id: string;
  readonly payload: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly attempts: readonly { readonly number: number; readonly http_status: number | null }[];
}

/** Answer of `GET /v1/replays/{id}`: the fields that tests look at. */
export interface Replay {
  readonly id: string;
  readonly status: 'running' | 'paused' | 'completed' | 'cancelled' | 'failed';
  readonly total: number;
  readonly planned: number;
  readonly succeeded: number;
}

/** Body of every error answer. */
export interface ErrorAnswer {
  readonly message: string;
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly code: string;
    readonly param: string | null;
    readonly details?: readonly { readonly param: string; readonly message: string }[];
  };
}

/** Body of a webhook: the fields that tests look at. */
export interface WebhookBody {
  readonly type: string;
  readonly event?: string;
  readonly workflow: string;
  readonly status: string;
  readonly channel_id: string;
  readonly data: unknown;
  readonly ai_response?: { readonly data: unknown };
  readonly round?: number;
  readonly stage?: number;
  readonly callback_url?: string;
  readonly callback_required?: boolean;
  readonly error?: { readonly code: string; readonly message: string; readonly details: unknown };
  readonly customer_data: Record<string, unknown>;
  readonly meta: Record<string, unknown>;
  readonly timestamp: string;
}
