import type { Json, JsonObject } from './json.js';
import type { Meta } from './meta.js';

/** What all states that a client is told have. Field names are those of the wire. */
interface StateFields {
  readonly channel_id: string;
  readonly customer_data: JsonObject;
  readonly meta: Meta;
}

/** A standard request has its answer. `Data`: the shape of the structured output. */
export interface SuccessState<Data = Json> extends StateFields {
  readonly status: 'success';
  readonly message: string;
  /** The text of the answer, when it is one. */
  readonly content?: string;
  readonly model: string;
  /** The structured output, or the provider's body (`choices`) when there is none; see `textOf`. */
  readonly data: Data;
}

/** The AI has answered an event-driven request, which waits for its backend. Another state follows. */
export interface AiGeneratedState extends StateFields {
  readonly status: 'ai_generated';
  readonly event_name: string | null;
  readonly message: string;
  /** Given once the request went on after a callback: how often it did so, and which workflow of a chain runs. */
  readonly round?: number;
  readonly stage?: number;
}

/** The backend of an event-driven request has called back. */
export interface CompletedState<Data = Json> extends StateFields {
  readonly status: 'completed';
  readonly event_name: string | null;
  readonly task_id: string | number | null;
  /** What the backend called back with. */
  readonly data: JsonObject;
  /** What the AI had answered. */
  readonly ai_response: { readonly data: Data; readonly meta: Meta };
  readonly callback_metadata: JsonObject;
}

/** The request has failed, or was cancelled (`error.code: "cancelled"`). */
export interface ErrorState extends StateFields {
  readonly status: 'error';
  readonly message: string;
  readonly event_name?: string | null;
  readonly error: { readonly message: string; readonly code: string; readonly details: JsonObject };
  readonly data: null;
}

/** What a request has ended with, told apart by `status`. */
export type FinalState<Data = Json> = SuccessState<Data> | CompletedState<Data> | ErrorState;

/** What clients of a channel are told of a request, told apart by `status`. */
export type ChannelState<Data = Json> = AiGeneratedState | FinalState<Data>;

/** A state of a request. */
export interface ResponseEvent<Data = Json> {
  readonly event: 'response';
  /** For `lastEventId`, to go on after it. */
  readonly id: string;
  readonly data: ChannelState<Data>;
}

/** Text of the answer while it is generated. */
export interface TokensEvent {
  readonly event: 'tokens';
  readonly id: string;
  /** Index 0 begins the text anew, others go on with it. */
  readonly data: { readonly data: string; readonly index: number };
}

/** What is told of a request while it goes on, told apart by `event`. */
export type ChannelEvent<Data = Json> = ResponseEvent<Data> | TokensEvent;
