import { ANSWER_PIECES, type AnswerPieces } from '@headrace/event-log';
import { Inject, Injectable } from '@nestjs/common';
import { AnswerTeller } from './answer-teller.js';

/** A tenth of what people notice. */
const shortestWindowMs = 10;
/** People still take it for a flow. */
const longestWindowMs = 100;
/** So many answers at once share each millisecond of the window: 1,000 answers are told 10 to 20 times a second each. */
const answersPerMs = 10;

/** How long somebody who comes while an answer pauses waits for what there is of it, at most. */
const pauseMs = 1_000;

/** Makes the tellers of this process, and has them say less often the more of them there are. */
@Injectable()
export class AnswerTellers {
  private readonly active = new Set<AnswerTeller>();
  private pauses: NodeJS.Timeout | undefined;

  constructor(@Inject(ANSWER_PIECES) private readonly pieces: AnswerPieces) {}

  /** A teller of a channel's answer; it costs nothing until it is told something. */
  of(project: string, channel: string): AnswerTeller {
    return new AnswerTeller({
      pieces: this.pieces,
      project,
      channel,
      windowMs: () => Math.min(longestWindowMs, Math.max(shortestWindowMs, this.active.size / answersPerMs)),
      onFirst: (teller) => this.began(teller),
      onClose: (teller) => this.ended(teller),
    });
  }

  private began(teller: AnswerTeller): void {
    this.active.add(teller);
    this.pauses ??= setInterval(() => this.tellPlaces(), pauseMs / 2).unref();
  }

  private ended(teller: AnswerTeller): void {
    this.active.delete(teller);
    if (this.active.size > 0) return;
    clearInterval(this.pauses);
    this.pauses = undefined;
  }

  private tellPlaces(): void {
    for (const teller of this.active) teller.tellPlace(pauseMs / 2);
  }
}
