import {
  answerPieceSubject,
  answerSoFarSubject,
  isAnswerPiece,
  type AnswerPiece,
  type AnswerSoFar,
} from '@headrace/contracts';
import type { AnswerPieces, ChannelSubscription } from '@headrace/event-log';
import { RequestError } from '@nats-io/nats-core';
import type { ChannelSubscriptions } from './channel-subscriptions.js';
import type { NatsConnection } from './connection/nats-connection.js';
import { messageOf, type Logger } from './logger.js';

/** Whoever generates answers from memory, so a longer wait is for nothing. */
const soFarLimitMs = 1_000;

/** Pieces of answers on plain NATS: a server without followers drops them. */
export class JetStreamAnswerPieces implements AnswerPieces {
  /** Questions that are not answered yet, by their subjects. */
  private readonly asking = new Map<string, Promise<AnswerSoFar | undefined>>();

  constructor(
    private readonly connection: NatsConnection,
    private readonly channels: ChannelSubscriptions,
    private readonly logger: Logger,
  ) {}

  tell(project: string, channel: string, piece: AnswerPiece): void {
    this.connection.say(answerPieceSubject(project, channel), Buffer.from(JSON.stringify(piece)));
  }

  follow(project: string, channel: string, onPiece: (piece: AnswerPiece) => void): ChannelSubscription {
    return this.channels.listen(project, channel, (message) => {
      if (isAnswerPiece(message.subject)) onPiece(message.json<AnswerPiece>());
    });
  }

  offerSoFar(project: string, channel: string, soFar: () => AnswerSoFar): ChannelSubscription {
    const subscription = this.connection.client.subscribe(answerSoFarSubject(project, channel), {
      callback: (error, message) => {
        if (error) return;
        const answer = Buffer.from(JSON.stringify(soFar()));
        // An answer without a body says that there is somebody, who cannot tell it all at once.
        message.respond(answer.length > this.connection.maxPayload ? undefined : answer);
      },
    });
    return { close: () => subscription.unsubscribe() };
  }

  /** Asks once for all who ask meanwhile: clients that come again and again cost whoever generates no answer each. */
  askSoFar(project: string, channel: string): Promise<AnswerSoFar | undefined> {
    const subject = answerSoFarSubject(project, channel);
    const asking = this.asking.get(subject) ?? this.ask(subject, channel).finally(() => this.asking.delete(subject));
    this.asking.set(subject, asking);
    return asking;
  }

  private async ask(subject: string, channel: string): Promise<AnswerSoFar | undefined> {
    try {
      const answer = await this.connection.client.request(subject, undefined, { timeout: soFarLimitMs });
      return answer.data.length === 0 ? undefined : answer.json<AnswerSoFar>();
    } catch (error) {
      // Nobody there is the usual case: the answer has not begun, or it is in the log.
      const isNobody = error instanceof RequestError && error.isNoResponders();
      if (!isNobody) this.logger.warn({ channel, error: messageOf(error) }, 'Nobody told an answer so far');
      return undefined;
    }
  }
}
