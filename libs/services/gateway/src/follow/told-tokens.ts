import { endOfTokens, tokensEvent } from '@headrace/contracts';
import { followAnswer, type AnswerPieces, type ChannelSubscription } from '@headrace/event-log';
import type { EventStream } from '../sync/stream/event-stream.js';
import { eventIdOf, type EventPosition } from './event-position.js';
import type { RequestIds } from './followed-request.js';
import { eventText } from './event-text.js';

/**
 * The text of one answer while it is generated, told to one client: from its beginning, or from where the client was
 * when it lost its connection; in order, without gaps or repeats. `index` counts the events; 0 says that the text
 * begins. A client that is behind gets what was told meanwhile in fewer, larger events.
 */
export class ToldTokens {
  /** What the client has not had: thousands of clients that have had a long answer need not each keep it. */
  #text = '';
  /** How many characters were before it. */
  #before = 0;
  #position: EventPosition;
  readonly #following: ChannelSubscription;

  constructor(
    pieces: AnswerPieces,
    { project, channel }: RequestIds,
    from: EventPosition,
    private readonly stream: EventStream,
  ) {
    this.#position = from;
    this.#following = followAnswer(pieces, project, channel, ({ content = '' }) => {
      this.#text += content;
      this.tell();
    });
  }

  /** Tells what the client has not had, as far as it reads. */
  tell(): void {
    this.#forget(this.#position.characters - this.#before);
    while (this.#text !== '' && !this.stream.isFull) {
      const { place, frames, characters } = this.#position;
      const length = endOfTokens(this.#text);
      this.#position = { place, frames: frames + 1, characters: characters + length };
      const data = JSON.stringify({ data: this.#text.slice(0, length), index: frames });
      this.#forget(length);
      this.stream.write(eventText(tokensEvent, data, eventIdOf(this.#position)));
    }
  }

  /** Forgets what the client has had, as far as it is there. */
  #forget(characters: number): void {
    const length = Math.min(characters, this.#text.length);
    this.#text = this.#text.slice(length);
    this.#before += length;
  }

  /** The answer is whole: its state tells it, and nothing of it comes any more. */
  close(): void {
    this.#following.close();
  }
}
