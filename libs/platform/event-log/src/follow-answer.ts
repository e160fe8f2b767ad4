import type { AnswerPiece, AnswerSoFar } from '@headrace/contracts';
import type { AnswerPieces } from './answer-pieces.port.js';
import type { ChannelSubscription } from './channel-feed.port.js';

/**
 * Follows an answer from its beginning, whenever one comes to it: what was told before comes as one piece with the
 * index of the last one in it, so that `index` only grows and the texts follow on one another without a gap or an
 * overlap. Whether something was missed, before or in between, the next piece shows; it is asked for then, and while
 * nobody can tell it, nothing is passed on. Most answers have not begun or are over, so that to ask at once would cost
 * more than it tells; of one that pauses, its teller says where it is.
 */
export function followAnswer(
  pieces: AnswerPieces,
  project: string,
  channel: string,
  onPiece: (piece: AnswerPiece) => void,
): ChannelSubscription {
  const follower = new Follower(() => pieces.askSoFar(project, channel), onPiece);
  const subscription = pieces.follow(project, channel, (piece) => follower.take(piece));
  return {
    close: () => {
      follower.close();
      subscription.close();
    },
  };
}

class Follower {
  private next = 0;
  private characters = 0;
  private toolPieces = 0;
  /** Pieces that came while it is not known what was told before them. */
  private held: AnswerPiece[] | undefined;
  private isClosed = false;

  constructor(
    private readonly ask: () => Promise<AnswerSoFar | undefined>,
    private readonly onPiece: (piece: AnswerPiece) => void,
  ) {}

  take(piece: AnswerPiece): void {
    if (this.held) this.held.push(piece);
    else if (piece.index > this.next) void this.catchUp([piece]);
    else if (hasContent(piece)) this.pass(piece);
  }

  private async catchUp(held: AnswerPiece[]): Promise<void> {
    this.held = held;
    const soFar = await this.ask().catch(() => undefined);
    this.held = undefined;
    if (soFar) this.passMissed(soFar);
    for (const piece of held) {
      // What is still missing is asked for when the next piece comes.
      if (piece.index > this.next) return;
      if (hasContent(piece)) this.pass(piece);
    }
  }

  close(): void {
    this.isClosed = true;
  }

  private passMissed({ next, content, toolCalls }: AnswerSoFar): void {
    if (next <= this.next) return;
    const missed = content.slice(this.characters);
    const missedCalls = toolCalls.slice(this.toolPieces);
    this.next = next - 1;
    this.pass({
      index: next - 1,
      ...(missed === '' ? {} : { content: missed }),
      ...(missedCalls.length === 0 ? {} : { toolCalls: missedCalls }),
    });
  }

  private pass(piece: AnswerPiece): void {
    if (this.isClosed || piece.index < this.next) return;
    this.next = piece.index + 1;
    this.characters += piece.content?.length ?? 0;
    this.toolPieces += piece.toolCalls?.length ?? 0;
    this.onPiece(piece);
  }
}

/** Without content a piece says only which one comes next. */
const hasContent = ({ content, toolCalls }: AnswerPiece): boolean => content !== undefined || toolCalls !== undefined;
