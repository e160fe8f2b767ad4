import { isAnswerPiece } from '@headrace/contracts';
import type { ChannelFeed, ChannelSubscription, Recorded } from '@headrace/event-log';
import type { ChannelSubscriptions } from './channel-subscriptions.js';
import type { NatsConnection } from './connection/nats-connection.js';
import { recordedOf } from './jetstream-event-log.js';

/**
 * Follows channels through what the server republishes after storing it. A subscription goes out on the connection
 * that reads of the log use, before them, so that between the two nothing can be missed.
 */
export class JetStreamChannelFeed implements ChannelFeed {
  constructor(
    private readonly connection: NatsConnection,
    private readonly channels: ChannelSubscriptions,
  ) {}

  subscribe(
    project: string,
    channel: string,
    onEvent: (event: Recorded) => void,
    types?: readonly string[],
  ): ChannelSubscription {
    const facts = types && new Set(types.map(lastToken));
    return this.channels.listen(project, channel, (message) => {
      if (facts ? facts.has(lastToken(message.subject)) : !isAnswerPiece(message.subject)) onEvent(recordedOf(message));
    });
  }

  onReconnect(listener: () => void): ChannelSubscription {
    return this.connection.onReconnect(listener);
  }
}

const lastToken = (subject: string): string => subject.slice(subject.lastIndexOf('.') + 1);
