import { ANSWER_PIECES, type AnswerPieces } from '@headrace/event-log';
import { Inject, Injectable } from '@nestjs/common';
import { AnswerTeller } from './answer-teller.js';

/** A tenth of what people notice. */
const shortestWindowMs = 10;
/** People still take it for a flow. */
const longestWindowMs = 100;
/** So many answers at once share each millisecond of the window: 1,000 answers are told 10 to 20 times a second each. */
const answersPerMs = 10;

/** Makes the tellers of this process, and has them say less often the more of them there are. */
@Injectable()
export class AnswerTellers {
  private active = 0;

  constructor(@Inject(ANSWER_PIECES) private readonly pieces: AnswerPieces) {}

  /** A teller of a channel's answer; it costs nothing until it is told something. */
  of(project: string, channel: string): AnswerTeller {
    return new AnswerTeller({
      pieces: this.pieces,
      project,
      channel,
      windowMs: () => Math.min(longestWindowMs, Math.max(shortestWindowMs, this.active / answersPerMs)),
      onFirst: () => (this.active += 1),
      onClose: () => (this.active -= 1),
    });
  }
}
