import { realtimeFilter } from '@headrace/contracts';
import type { ChannelFeed, ChannelSubscription, Recorded } from '@headrace/event-log';
import type { Msg } from '@nats-io/nats-core';
import type { NatsConnection } from './connection/nats-connection.js';
import { recordedOf } from './jetstream-event-log.js';
import { messageOf, type Logger } from './logger.js';

/**
 * Follows channels through what the server republishes after storing it. A subscription goes out on the connection
 * that reads of the log use, before them, so that between the two nothing can be missed.
 */
export class JetStreamChannelFeed implements ChannelFeed {
  constructor(
    private readonly connection: NatsConnection,
    private readonly logger: Logger,
  ) {}

  subscribe(
    project: string,
    channel: string,
    onEvent: (event: Recorded) => void,
    types?: readonly string[],
  ): ChannelSubscription {
    const facts = types && new Set(types.map((type) => type.slice(type.lastIndexOf('.') + 1)));
    const subscription = this.connection.client.subscribe(realtimeFilter(project, channel), {
      callback: (error, message) => {
        if (error) this.logger.warn({ channel, error: error.message }, 'Channel feed interrupted');
        else if (!facts || facts.has(lastToken(message.subject))) this.pass(message, onEvent);
      },
    });
    return { close: () => subscription.unsubscribe() };
  }

  onReconnect(listener: () => void): ChannelSubscription {
    return this.connection.onReconnect(listener);
  }

  private pass(message: Msg, onEvent: (event: Recorded) => void): void {
    try {
      onEvent(recordedOf(message));
    } catch (error) {
      // One bad event or listener must not end the feed.
      this.logger.error(
        { subject: message.subject, error: messageOf(error) },
        'Channel feed could not pass an event on',
      );
    }
  }
}

const lastToken = (subject: string): string => subject.slice(subject.lastIndexOf('.') + 1);
