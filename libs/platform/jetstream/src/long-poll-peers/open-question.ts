import type { PeerAnswer, PeerAsk } from '@headrace/event-log';
import type { Msg } from '@nats-io/nats-core';
import { statusOf } from '../messages/message-headers.js';
import { readHead } from './hub-message.js';
import { PieceCollector } from './pieces.js';

/** How one question is waited for. */
export interface OpenQuestionParts extends PeerAsk {
  /** Milliseconds within which a hub says that it took a question, if it is there. */
  readonly takenLimitMs: number;
  /** Tells the hub that was asked whether the client got the answer. */
  readonly settle: (delivered: boolean) => void;
  /** The hub did not even say that it is there. */
  readonly onSilence: () => void;
}

const noResponders = 503;

/** One question to another hub, until it is answered or given up. */
export class OpenQuestion {
  private readonly pieces = new PieceCollector();
  private readonly outcome = Promise.withResolvers<PeerAnswer>();
  private readonly limit: NodeJS.Timeout;
  private silence: NodeJS.Timeout | undefined;
  private isOver = false;

  constructor(private readonly parts: OpenQuestionParts) {
    this.limit = setTimeout(this.giveUp, parts.limitMs);
    this.silence = setTimeout(() => this.notTaken(), parts.takenLimitMs);
    parts.signal.addEventListener('abort', this.giveUp, { once: true });
  }

  get answer(): Promise<PeerAnswer> {
    return this.outcome.promise;
  }

  /** Takes a message of the hub that was asked, or of the server. */
  take(message: Msg): void {
    if (statusOf(message) === noResponders) return this.end({ kind: 'gone' });
    clearTimeout(this.silence);
    const { kind, piece } = readHead(message);
    if (kind === 'gone') this.end({ kind: 'gone' });
    if (kind !== 'answer') return;
    const body = this.pieces.add(message.data, ...piece);
    if (body) this.end({ kind: 'answered', body, settle: this.parts.settle });
  }

  /** Stops waiting; what the answer would have told is kept where it is. */
  readonly giveUp = (): void => {
    if (this.isOver) return;
    this.parts.settle(false);
    this.end({ kind: 'unknown' });
  };

  private notTaken(): void {
    this.parts.onSilence();
    this.parts.settle(false);
    this.end({ kind: 'gone' });
  }

  private end(answer: PeerAnswer): void {
    this.isOver = true;
    clearTimeout(this.limit);
    clearTimeout(this.silence);
    this.parts.signal.removeEventListener('abort', this.giveUp);
    this.outcome.resolve(answer);
  }
}
