import { endOfTokens, PreparedJson, tokensEvent, type AnswerPiece } from '@headrace/contracts';
import { followAnswer, type AnswerPieces, type ChannelSubscription } from '@headrace/event-log';
import { metrics } from '@headrace/telemetry';
import type { Subscription } from '../phoenix/subscription.js';
import type { ChannelIds } from './response-topic.js';
import type { TokenSession } from './token-session.js';

type Watcher = Subscription<TokenSession>;

/** How far a socket has been told. */
interface Told {
  /** Characters. */
  upTo: number;
  /** Frames; also the index of the next one. */
  frames: number;
}

/**
 * A socket for which so many bytes wait gets no text until it has read: its text is merged meanwhile. Far below the
 * limit at which a socket is cut, so that text never costs anybody a state.
 */
const mostWaitingBytes = 64 * 1024;
/** How soon a socket that was behind is looked at again. */
const catchUpMs = 50;

/**
 * The text of one answer while it is generated, told to all sockets of this process that joined its channel: to each
 * from its beginning, in order, without gaps or repeats. A frame's `index` counts the frames of one join, so 0 says that
 * the text begins: a client that joins again, and one whose request goes on to another answer, starts over.
 */
export class AnswerStream {
  private text = '';
  /** Made with the first piece: of thousands of answers that are awaited, few are being told. */
  private told: Map<Watcher, Told> | undefined;
  private readonly following: ChannelSubscription;
  private catchingUp: NodeJS.Timeout | undefined;
  /** The frame that was made last: most sockets get the same. */
  private made:
    { readonly from: number; readonly frames: number; readonly upTo: number; payload: PreparedJson } | undefined;

  constructor(
    pieces: AnswerPieces,
    { project, channel }: ChannelIds,
    private readonly watchers: ReadonlySet<Watcher>,
  ) {
    this.following = followAnswer(pieces, project, channel, (piece) => this.take(piece));
  }

  /** Tells a socket that joined now what the others have been told. */
  add(watcher: Watcher): void {
    this.tell(watcher);
  }

  remove(watcher: Watcher): void {
    this.told?.delete(watcher);
  }

  /** The answer is whole: its state tells it, and nothing of it comes any more. */
  close(): void {
    this.following.close();
    clearTimeout(this.catchingUp);
  }

  private take({ content = '' }: AnswerPiece): void {
    if (content === '') return;
    this.text += content;
    this.tellAll();
  }

  private readonly tellAll = (): void => {
    this.catchingUp = undefined;
    for (const watcher of this.watchers) this.tell(watcher);
  };

  private tell(watcher: Watcher): void {
    if (this.text === '') return;
    this.told ??= new Map();
    const told = this.told.get(watcher) ?? { upTo: 0, frames: 0 };
    this.told.set(watcher, told);
    while (told.upTo < this.text.length) {
      if (watcher.waitingBytes > mostWaitingBytes) {
        this.catchingUp ??= setTimeout(this.tellAll, catchUpMs).unref();
        return;
      }
      const { upTo, payload } = this.frameFor(told);
      watcher.push(tokensEvent, payload);
      metrics.realtimeTokenFrames.with().add();
      told.upTo = upTo;
      told.frames += 1;
    }
  }

  private frameFor({ upTo: from, frames }: Told) {
    const upTo = endOfTokens(this.text, from);
    if (this.made?.from === from && this.made.frames === frames && this.made.upTo === upTo) return this.made;
    const payload = PreparedJson.of({ data: this.text.slice(from, upTo), index: frames });
    this.made = { from, frames, upTo, payload };
    return this.made;
  }
}
