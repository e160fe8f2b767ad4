import type { Json, JsonObject } from '@headrace/contracts';
import type { ReceiverAnswer } from '@headrace/testing';
import type { AiProvider, GenerationRequest } from '../ai-provider.js';
import type { ProviderErrorCode } from '../provider-error.js';
import type { RemoteCaller } from '../remote/remote-caller.js';

/** What a provider puts on the wire, so that its adapter can be tested as all are. */
export interface ProviderWire {
  readonly provider: (remote: RemoteCaller) => AiProvider;
  /** What a request of this provider is beside the defaults: its name and a model. */
  readonly request: Pick<GenerationRequest, 'provider' | 'model'>;
  /** Path below the base URL, whole and streamed. */
  readonly paths: { readonly whole: string; readonly stream: string };
  /** The header that carries the key. */
  readonly key: (apiKey: string) => readonly [name: string, value: string];
  readonly whole: WholeWire;
  readonly stream: StreamWire;
}

/** Bodies of whole answers. Each text answer tells of 19 tokens of the prompt and 10 of the answer. */
export interface WholeWire {
  readonly text: (content: string) => ReceiverAnswer;
  /** Cut at the limit of tokens. */
  readonly cut: (content: string) => ReceiverAnswer;
  /** Calls `weather` with `{"city":"Oslo"}` and `time` without arguments. */
  readonly toolCalls: () => ReceiverAnswer;
  /** What is no answer although its status is 200, with what it is told as. */
  readonly withheld: readonly (readonly [name: string, answer: ReceiverAnswer, code: ProviderErrorCode])[];
  readonly rateLimit: (retryAfterS: number) => ReceiverAnswer;
  /** Errors that are the provider's own, with what they are told as. */
  readonly errors: readonly WireError[];
  /** Repeats the key in its message. */
  readonly badKey: (key: string) => ReceiverAnswer;
}

/** An error answer and what it is told as. */
export interface WireError {
  readonly name: string;
  readonly answer: ReceiverAnswer;
  readonly code: ProviderErrorCode;
  readonly retryable: boolean;
  readonly message?: RegExp;
}

/** Events of streams. */
export interface StreamWire {
  /** The beginning, before the first text; may be none. */
  readonly start: readonly string[];
  readonly text: (content: string) => string;
  /** What ends a text, with its usage: 19 and 10 tokens. */
  readonly end: readonly string[];
  /** A whole stream of the same calls as whole. */
  readonly toolCalls: readonly string[];
  /** Whole streams that are no answer, with what they are told as. */
  readonly withheld: readonly (readonly [name: string, events: readonly string[], code: ProviderErrorCode])[];
  /** An error in the middle of a stream; `message` may repeat the key. */
  readonly error: (message: string) => { readonly event: string; readonly code: ProviderErrorCode };
}

const json = { 'content-type': 'application/json' };
const eventStream = { 'content-type': 'text/event-stream; charset=utf-8' };

/** An answer with a body of JSON. */
export const jsonAnswer = (status: number, body: Json, headers: Record<string, string> = {}): ReceiverAnswer => ({
  status,
  headers: { ...json, ...headers },
  body: JSON.stringify(body),
});

/** A stream of events; the connection ends as told. */
export const streamAnswer = (
  events: Iterable<string>,
  afterPieces: ReceiverAnswer['afterPieces'] = 'end',
): ReceiverAnswer => ({ headers: eventStream, pieces: events, afterPieces });

/** Events that come when others have happened. */
export const heldStream = (events: AsyncIterable<string>): ReceiverAnswer => ({ headers: eventStream, pieces: events });

/** An event of data alone. */
export const dataEvent = (data: JsonObject): string => `data: ${JSON.stringify(data)}\n\n`;

/** An event with a name, which repeats the data's type. */
export const typedEvent = (data: JsonObject & { readonly type: string }): string =>
  `event: ${data.type}\n${dataEvent(data)}`;
