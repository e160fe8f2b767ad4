import type { AnswerPiece } from '@headrace/contracts';
import type { ChannelSubscription } from './channel-feed.port.js';

/** Pieces of answers between the process that generates and those that show them. Best effort, in order, not stored. */
export interface AnswerPieces {
  /** Tells everyone who follows the channel; nobody waits for it. */
  tell(project: string, channel: string, piece: AnswerPiece): void;
  /** Follows a channel's pieces from now on. What is told after this call is not missed while connected. */
  follow(project: string, channel: string, onPiece: (piece: AnswerPiece) => void): ChannelSubscription;
}

/** Injection token of the process's answer pieces. */
export const ANSWER_PIECES = Symbol('AnswerPieces');
