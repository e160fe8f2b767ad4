import { followAnswer, type AnswerPieces, type ChannelSubscription } from '@headrace/event-log';
import type { EventStream } from '../sync/stream/event-stream.js';
import { eventIdOf, type EventPosition } from './event-position.js';
import type { RequestIds } from './followed-request.js';
import { eventText } from './event-text.js';

/** Server event that carries text of an answer while it is generated. */
const tokensEvent = 'tokens';
/** Longest text of one event, in characters. */
const mostCharacters = 16 * 1024;

/**
 * The text of one answer while it is generated, told to one client: from its beginning, or from where the client was
 * when it lost its connection; in order, without gaps or repeats. `index` counts the events; 0 says that the text
 * begins. A client that is behind gets what was told meanwhile in fewer, larger events.
 */
export class ToldTokens {
  #text = '';
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
    while (this.#position.characters < this.#text.length && !this.stream.isFull) {
      const { place, frames, characters } = this.#position;
      const end = this.#endOfEvent(characters);
      this.#position = { place, frames: frames + 1, characters: end };
      const data = JSON.stringify({ data: this.#text.slice(characters, end), index: frames });
      this.stream.write(eventText(tokensEvent, data, eventIdOf(this.#position)));
    }
  }

  /** The answer is whole: its state tells it, and nothing of it comes any more. */
  close(): void {
    this.#following.close();
  }

  #endOfEvent(from: number): number {
    const end = from + mostCharacters;
    if (end >= this.#text.length) return this.#text.length;
    // Half of a character is not text.
    return isHighSurrogate(this.#text.charCodeAt(end - 1)) ? end - 1 : end;
  }
}

const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
