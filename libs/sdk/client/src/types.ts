import type { StorageLike } from './environment.js';

/**
 * What carries frames: WebSockets, long polls, or (`auto`) long polls where the network lets no WebSockets through.
 */
export type Transport = 'auto' | 'websocket' | 'longpoll';

/** How a client behaves. The first seven are those of the ModelRiver client. */
export interface ModelRiverClientOptions {
  /** Where sockets are opened when `connect` is not told. Default `/socket` on the page's own host. */
  baseUrl?: string;
  /** Your backend, without path: `{apiBaseUrl}/api/v1/ai/reconnect` gives fresh tokens. Default: none are fetched. */
  apiBaseUrl?: string;
  /** Writes what happens to the console. Default false. */
  debug?: boolean;
  /** Keeps the request that is followed, so that a reloaded page can `reconnect`. Default true. */
  persist?: boolean;
  /** Begins the key of what is kept. Give clients that run beside each other one each. Default `modelriver_`. */
  storageKeyPrefix?: string;
  /** Milliseconds between heartbeats. Default 30000. */
  heartbeatInterval?: number;
  /**
   * Milliseconds without news of the request after which it is given up; 0: never. Does not run while your backend is
   * awaited (`ai_generated`): the server ends that wait. Default 300000.
   */
  requestTimeout?: number;
  /** Where `persist` keeps it: `sessionStorage`, or anything like it. Default `localStorage`. */
  storage?: StorageLike;
  /** Fetches a fresh token in your own way, instead of `apiBaseUrl`; undefined: none. Rejections are tried again. */
  refreshAccess?: (channelId: string) => Promise<ChannelAccess | undefined>;
  /** What carries frames. Default `auto`. */
  transport?: Transport;
  /**
   * Milliseconds that a WebSocket has to open, and again to answer the join, before `auto` changes to long polls;
   * 0: it never does. Default 5000.
   */
  longPollFallbackMs?: number;
}

/** What `connect` needs, from the answer of `POST /v1/ai/async`. */
export interface ConnectOptions {
  channelId: string;
  wsToken: string;
  /** Default: the client's `baseUrl`. */
  websocketUrl?: string;
  /** Topic to join. Default `ai_response:{channelId}`. */
  websocketChannel?: string;
  /** Its abort is a `disconnect`. */
  signal?: AbortSignal;
}

/** How to reach a channel, as the server says it. */
export interface ChannelAccess {
  channel_id: string;
  ws_token: string;
  project_id?: string;
  websocket_url?: string;
  websocket_channel?: string;
}

/** Answer of `POST /v1/ai/async`. */
export interface AsyncResponse extends ChannelAccess {
  message: string;
  status: 'pending';
  websocket_url: string;
  websocket_channel: string;
  customer_data?: Record<string, unknown>;
  instructions?: { websocket?: string; webhook?: string };
  test_mode?: boolean;
}

/** Claims of a token. */
export interface TokenPayload {
  project_id: string;
  channel_id: string;
  topic: string;
  /** Seconds since 1970. */
  exp?: number;
}

export type WorkflowStepStatus = 'pending' | 'loading' | 'success' | 'error';

/** One step of the progress of a request: `queue`, `process`, `backend` (event-driven only), `receive`, `complete`. */
export interface WorkflowStep {
  id: string;
  name: string;
  status: WorkflowStepStatus;
  /** Milliseconds. */
  duration?: number;
  errorMessage?: string;
}

export interface TokenUsage {
  prompt_tokens?: number;
  completion_tokens?: number;
  total_tokens?: number;
}

/** How an answer came about; the server sends more fields than those named here. */
export interface ResponseMeta {
  workflow?: string;
  status?: string;
  provider?: string;
  model?: string;
  duration_ms?: number;
  usage?: TokenUsage;
  [field: string]: unknown;
}

export interface ResponseError {
  message: string;
  code?: string;
  details?: unknown;
}

/** A state of a request. */
export interface AIResponse {
  /** `ai_generated` is followed by another one; `success`, `completed` and `error` are final. */
  status: string;
  channel_id?: string;
  message?: string;
  /** The answer's text, if it is text. */
  content?: string;
  model?: string;
  /** The structured answer; of an event-driven request, what your backend called back with. */
  data?: unknown;
  meta?: ResponseMeta;
  error?: ResponseError;
  /** Event-driven: what the AI said, beside your backend's `data`. */
  ai_response?: { data?: unknown; meta?: ResponseMeta };
  event_name?: string;
  task_id?: string;
  callback_metadata?: Record<string, unknown>;
  customer_data?: Record<string, unknown>;
}

/** Text of an answer while it is generated. */
export interface TokensEvent {
  /** What is new. Nothing comes twice, whatever happens to the connection. */
  data: string;
  /** Counts the events of an answer; 0: a new answer begins, what was shown before is void. */
  index: number;
  /** The whole text so far. */
  text: string;
}

/** `error`: given up. While a lost connection is being restored it is `disconnected` or `connecting`. */
export type ConnectionState = 'disconnected' | 'connecting' | 'connected' | 'error';

/** What is kept for a reloaded page. */
export interface ActiveRequest {
  channelId: string;
  wsToken: string;
  /** When the request was last seen alive, in milliseconds since 1970. */
  timestamp: number;
  websocketUrl?: string;
  websocketChannel?: string;
}

/** What listeners are called with. */
export interface ModelRiverEventMap {
  /** `connect` was called. */
  connecting: () => void;
  /** The socket is open, for the first time or again. */
  connected: () => void;
  /** The socket is closed. Unless the request has ended, it is opened again. */
  disconnected: (reason?: string) => void;
  /** A lost connection will be tried again. */
  reconnecting: (attempt: number, delayMs: number) => void;
  /** A state of the request; exactly one of them is final. */
  response: (data: AIResponse) => void;
  /** Text of the answer, as it is generated. */
  tokens: (tokens: TokensEvent) => void;
  /** Something is wrong with the connection, or the request was given up (state `error`). */
  error: (error: Error | string) => void;
  step: (step: WorkflowStep) => void;
  channel_joined: () => void;
  /** The server does not let us join. */
  channel_error: (reason: string) => void;
}

export type ModelRiverEventType = keyof ModelRiverEventMap;

/** Why `error` is set. A request that failed has the server's own code, such as `callback_timeout`. */
export type ErrorCode = 'invalid_options' | 'unreachable' | 'refused' | 'timeout' | (string & {});

/** All that a client knows. */
export interface ModelRiverState {
  connectionState: ConnectionState;
  isConnected: boolean;
  isConnecting: boolean;
  steps: WorkflowStep[];
  /** The latest state of the request. */
  response: AIResponse | null;
  /** Text of the AI's answer: what was told while it was generated, and at the end all of it. */
  text: string;
  error: string | null;
  errorCode: ErrorCode | null;
  /** Whether a request is followed, or one is kept that `reconnect` would follow. */
  hasPendingRequest: boolean;
  /** Whether the request has ended well. */
  isCompleted: boolean;
}
