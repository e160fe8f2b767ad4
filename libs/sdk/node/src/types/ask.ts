import type { Json, JsonObject } from './json.js';
import type { Meta } from './meta.js';

/** A message of a conversation, as OpenAI has it. */
export interface ChatMessage {
  readonly role: string;
  /** Text, or OpenAI content parts. Null beside tool calls. */
  readonly content?: string | readonly object[] | null;
  readonly [field: string]: unknown;
}

/** What an AI is asked. Field names are those of the wire; OpenAI parameters that are not listed can be given too. */
export interface Ask {
  /** Name of a saved workflow. Wins over `provider` and `model`. */
  readonly workflow?: string;
  readonly provider?: string;
  readonly model?: string;
  readonly messages: readonly ChatMessage[];
  /** Comes back as `customer_data`. */
  readonly metadata?: object;
  readonly inputs?: unknown;
  readonly context?: unknown;
  /** Come back in `customer_data`. */
  readonly user_id?: string | number;
  readonly task_id?: string | number;
  /** A JSON Schema that the answer must fit; `response_format` is OpenAI's form of it. */
  readonly structured_output_schema?: object;
  readonly response_format?: object;
  readonly temperature?: number;
  readonly max_tokens?: number;
  readonly tools?: readonly object[];
  readonly tool_choice?: string | object;
  /** Answers from the workflow's sample data; no provider is called. */
  readonly test_mode?: boolean;
  readonly [parameter: string]: unknown;
}

/** What an AI is asked without waiting for the answer. */
export interface AsyncAsk extends Ask {
  /** One more webhook target, for this request only. */
  readonly webhook_url?: string;
  /** Makes the request event-driven; the workflow's event name wins over the first one. */
  readonly events?: readonly string[];
  /** Tells the answer piece by piece on the channel too. */
  readonly stream?: boolean;
  /** Who waits for a free place before whom, within the project. */
  readonly priority?: 'high' | 'normal' | 'low';
  /** Fails the request if its generation has not begun by then. */
  readonly expires_after_seconds?: number;
}

/** Where a client follows a request: hand it to your front-end as it is. */
export interface ChannelAccess {
  readonly channel_id: string;
  readonly project_id: string;
  /** Opens the WebSocket of this one channel; good for five minutes to first use. */
  readonly ws_token: string;
  readonly websocket_url: string;
  readonly websocket_channel: string;
}

/** A request that was taken: it is on disk, and its result comes over the WebSocket and the webhooks. */
export interface PendingRequest extends ChannelAccess {
  readonly message: 'success';
  readonly status: 'pending';
  readonly customer_data: JsonObject;
  readonly test_mode?: true;
}

/** The answer that a caller waited for. `Data`: the shape of the structured output. */
export interface Answer<Data = Json> {
  /** The structured output, or the provider's body (`choices`) when there is none; see `textOf`. */
  readonly data: Data;
  readonly customer_data: JsonObject;
  readonly meta: Meta;
  /** The fallbacks that stood ready. */
  readonly backups: readonly { readonly position: number; readonly provider: string; readonly model: string }[];
}

/** A piece of a streamed answer: `chat.completion.chunk` of OpenAI. */
export interface ChatChunk {
  readonly id: string;
  readonly object: 'chat.completion.chunk';
  /** Unix seconds. */
  readonly created: number;
  readonly model: string;
  readonly choices: readonly {
    readonly index: number;
    readonly delta: {
      readonly role?: string;
      readonly content?: string | null;
      readonly tool_calls?: readonly JsonObject[];
    };
    readonly finish_reason: string | null;
  }[];
  /** In the last chunk, when `stream_options.include_usage` asked for it. */
  readonly usage?: JsonObject | null;
}
