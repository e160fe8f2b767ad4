import type { AnswerPiece } from '@headrace/contracts';
import type { AnswerPieces } from '../answer-pieces.port.js';
import type { ChannelSubscription } from '../channel-feed.port.js';

/** Pieces that reach every follower at once. */
export class InMemoryAnswerPieces implements AnswerPieces {
  private readonly followers = new Map<string, Set<(piece: AnswerPiece) => void>>();

  tell(project: string, channel: string, piece: AnswerPiece): void {
    // What a reader gets has been JSON once.
    const sent = JSON.parse(JSON.stringify(piece)) as AnswerPiece;
    for (const follower of this.followers.get(`${project} ${channel}`) ?? []) follower(sent);
  }

  follow(project: string, channel: string, onPiece: (piece: AnswerPiece) => void): ChannelSubscription {
    const name = `${project} ${channel}`;
    const followers = this.followers.get(name) ?? new Set();
    this.followers.set(name, followers.add(onPiece));
    return { close: () => void followers.delete(onPiece) };
  }
}
