import type { AnswerPiece, AnswerSoFar } from '@headrace/contracts';
import type { AnswerPieces } from '../answer-pieces.port.js';
import type { ChannelSubscription } from '../channel-feed.port.js';

/** Pieces that reach every follower at once. */
export class InMemoryAnswerPieces implements AnswerPieces {
  private readonly followers = new Map<string, Set<(piece: AnswerPiece) => void>>();
  private readonly offered = new Map<string, () => AnswerSoFar>();

  tell(project: string, channel: string, piece: AnswerPiece): void {
    for (const follower of this.followers.get(`${project} ${channel}`) ?? []) follower(asSent(piece));
  }

  follow(project: string, channel: string, onPiece: (piece: AnswerPiece) => void): ChannelSubscription {
    const name = `${project} ${channel}`;
    const followers = this.followers.get(name) ?? new Set();
    this.followers.set(name, followers.add(onPiece));
    return { close: () => void followers.delete(onPiece) };
  }

  /** How many follow a channel. */
  followersOf(project: string, channel: string): number {
    return this.followers.get(`${project} ${channel}`)?.size ?? 0;
  }

  offerSoFar(project: string, channel: string, soFar: () => AnswerSoFar): ChannelSubscription {
    const name = `${project} ${channel}`;
    this.offered.set(name, soFar);
    return { close: () => void this.offered.delete(name) };
  }

  async askSoFar(project: string, channel: string): Promise<AnswerSoFar | undefined> {
    const soFar = this.offered.get(`${project} ${channel}`)?.();
    return soFar && asSent(soFar);
  }
}

/** What a reader gets has been JSON once. */
const asSent = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value;
