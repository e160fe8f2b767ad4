import { isFinal, responsePayloadOf, type RequestEvent } from '@headrace/contracts';
import type { TimelineEvent } from '@headrace/domain';
import type { AnswerPieces } from '@headrace/event-log';
import type { EventStream } from '../sync/stream/event-stream.js';
import { eventIdOf, fromTheBeginning, type EventPosition } from './event-position.js';
import { eventText, placeText, retryText } from './event-text.js';
import type { RequestIds } from './followed-request.js';
import { ToldTokens } from './told-tokens.js';

/** How soon a client whose connection broke comes again, in milliseconds. */
const retryMs = 1_000;
/** The clients of a process that stops come again spread over this time, in milliseconds. */
const spreadMs = 3_000;

/** What a client is told of a state of a request; undefined while there is nothing to tell. */
export const payloadOf = ({ channel }: RequestIds, { type, data }: TimelineEvent) =>
  responsePayloadOf(channel, { type, data } as RequestEvent);

/** The states and the text of one request, told to one client as sockets are told them. */
export class ChannelEventStream {
  /** What is being generated, from when it is known that something is. */
  #tokens: ToldTokens | undefined;
  #isEnded = false;

  constructor(
    private readonly ids: RequestIds,
    private readonly stream: EventStream,
    private readonly pieces: AnswerPieces,
  ) {}

  /** Begins to tell; the client is one that knows `position`. */
  begin(): void {
    this.stream.write(retryText(retryMs));
  }

  /** Goes on with the answer of which the client knows a part. */
  resume(position: EventPosition): void {
    this.#tokens = new ToldTokens(this.pieces, this.ids, position, this.stream);
  }

  /** Tells what happened to the request. */
  tell(event: TimelineEvent): void {
    if (this.#isEnded) return;
    const position = { ...fromTheBeginning, place: event.sequence };
    const id = eventIdOf(position);
    const payload = payloadOf(this.ids, event);
    // Before the state goes out: what is told of the answer piece by piece never comes after it.
    this.#tokens?.close();
    this.#tokens = undefined;
    if (!payload) {
      this.stream.write(placeText(id));
      this.resume(position);
      return;
    }
    const text = eventText('response', JSON.stringify(payload), id);
    if (isFinal(payload)) this.#end(text + eventText('phx_close', '{}'));
    else this.stream.write(text);
  }

  /** The client has read what it was behind with. */
  drained(): void {
    this.#tokens?.tell();
  }

  /** Another process goes on where this one was, because it stops; or refuses the client, whose key has ended. */
  stop(): void {
    if (!this.#isEnded) this.#end(retryText(retryMs / 2 + Math.random() * spreadMs));
  }

  /** The client has left. */
  close(): void {
    this.#isEnded = true;
    this.#tokens?.close();
  }

  #end(text: string): void {
    this.close();
    this.stream.end(text);
  }
}
