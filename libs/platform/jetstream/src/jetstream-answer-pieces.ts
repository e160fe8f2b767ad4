import { answerPieceSubject, type AnswerPiece } from '@headrace/contracts';
import type { AnswerPieces, ChannelSubscription } from '@headrace/event-log';
import type { NatsConnection } from './connection/nats-connection.js';
import { messageOf, type Logger } from './logger.js';

/** Pieces of answers on plain NATS: a server without followers drops them. */
export class JetStreamAnswerPieces implements AnswerPieces {
  constructor(
    private readonly connection: NatsConnection,
    private readonly logger: Logger,
  ) {}

  tell(project: string, channel: string, piece: AnswerPiece): void {
    this.connection.say(answerPieceSubject(project, channel), Buffer.from(JSON.stringify(piece)));
  }

  follow(project: string, channel: string, onPiece: (piece: AnswerPiece) => void): ChannelSubscription {
    const subscription = this.connection.client.subscribe(answerPieceSubject(project, channel), {
      callback: (error, message) => {
        try {
          if (error) throw error;
          onPiece(message.json<AnswerPiece>());
        } catch (failure) {
          // One bad piece or listener must not end the others.
          this.logger.warn({ channel, error: messageOf(failure) }, 'A piece of an answer was not passed on');
        }
      },
    });
    return { close: () => subscription.unsubscribe() };
  }
}
