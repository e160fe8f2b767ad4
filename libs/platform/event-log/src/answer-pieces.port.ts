import type { AnswerPiece, AnswerSoFar } from '@headrace/contracts';
import type { ChannelSubscription } from './channel-feed.port.js';

/** Pieces of answers between the process that generates and those that show them. Best effort, in order, not stored. */
export interface AnswerPieces {
  /** Tells everyone who follows the channel; nobody waits for it. */
  tell(project: string, channel: string, piece: AnswerPiece): void;
  /** Follows a channel's pieces from now on. What is told after this call is not missed while connected. */
  follow(project: string, channel: string, onPiece: (piece: AnswerPiece) => void): ChannelSubscription;
  /**
   * Answers whoever comes in the middle, from now until it is closed. What `soFar` returns must be all that was told:
   * whoever follows and then asks gets what comes after it as pieces.
   */
  offerSoFar(project: string, channel: string, soFar: () => AnswerSoFar): ChannelSubscription;
  /**
   * Asks the process that generates for what it has told. Undefined when none does at the moment, it cannot be told in
   * one message, or no answer came within a second. Who asks while another one does may share its answer, which may then
   * be older than the first piece that he heard. To miss nothing, follow first; `followAnswer` does all of it.
   */
  askSoFar(project: string, channel: string): Promise<AnswerSoFar | undefined>;
}

/** Injection token of the process's answer pieces. */
export const ANSWER_PIECES = Symbol('AnswerPieces');
