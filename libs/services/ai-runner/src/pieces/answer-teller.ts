import type { AnswerSoFar, JsonObject } from '@headrace/contracts';
import type { AnswerPieces, ChannelSubscription } from '@headrace/event-log';
import type { AnswerDelta } from '@headrace/providers';

/** Held text that is told although its time has not come, in characters. */
const mostHeld = 8_192;

/** Where the pieces of one answer go. */
export interface TellerOptions {
  readonly pieces: AnswerPieces;
  readonly project: string;
  readonly channel: string;
  /** How long pieces are held to be told together, in milliseconds. */
  readonly windowMs: () => number;
  /** Called with the first piece. */
  readonly onFirst: (teller: AnswerTeller) => void;
  /** Called once when an answer that was told is over. */
  readonly onClose: (teller: AnswerTeller) => void;
}

/**
 * Tells one answer while it is generated: the first piece at once, those that follow on one another quickly in one,
 * and all of them to whoever asks in the middle.
 */
export class AnswerTeller {
  private index = 0;
  private content: string[] = [];
  private readonly toolCalls: JsonObject[] = [];
  private heldText = '';
  private heldCalls: JsonObject[] = [];
  private timer: NodeJS.Timeout | undefined;
  private toldAt = Number.NEGATIVE_INFINITY;
  private offer: ChannelSubscription | undefined;

  constructor(private readonly options: TellerOptions) {}

  /** Whether anything of the answer has left this process: then nobody may tell another one. */
  get hasTold(): boolean {
    return this.index > 0 || this.heldText !== '' || this.heldCalls.length > 0;
  }

  /** Takes a piece of the provider's. */
  readonly take = ({ content = '', toolCalls = [] }: AnswerDelta): void => {
    if (content === '' && toolCalls.length === 0) return;
    this.heldText += content;
    this.heldCalls.push(...toolCalls);
    if (this.timer) {
      if (this.heldText.length > mostHeld) this.flush();
      return;
    }
    const left = this.toldAt + this.options.windowMs() - performance.now();
    if (left <= 0) this.flush();
    else this.timer = setTimeout(this.flush, left);
  };

  /** Tells what is held. */
  readonly flush = (): void => {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.heldText === '' && this.heldCalls.length === 0) return;
    const { pieces, project, channel } = this.options;
    if (this.index === 0) {
      this.options.onFirst(this);
      this.offer = pieces.offerSoFar(project, channel, () => this.soFar());
    }
    pieces.tell(project, channel, {
      index: this.index,
      ...(this.heldText === '' ? {} : { content: this.heldText }),
      ...(this.heldCalls.length === 0 ? {} : { toolCalls: this.heldCalls }),
    });
    this.index += 1;
    this.toldAt = performance.now();
    this.content.push(this.heldText);
    this.toolCalls.push(...this.heldCalls);
    this.heldText = '';
    this.heldCalls = [];
  };

  /** Says how far the answer is, if nothing was told for so long: who has come meanwhile then asks for what there was. */
  tellPlace(silentMs: number): void {
    if (performance.now() - this.toldAt < silentMs) return;
    const { pieces, project, channel } = this.options;
    pieces.tell(project, channel, { index: this.index });
  }

  /** The answer is over, and what became of it is in the log. */
  close(): void {
    this.flush();
    if (!this.offer) return;
    this.offer.close();
    this.offer = undefined;
    this.options.onClose(this);
  }

  private soFar(): AnswerSoFar {
    this.flush();
    this.content = [this.content.join('')];
    return { next: this.index, content: this.content[0] ?? '', toolCalls: this.toolCalls };
  }
}
