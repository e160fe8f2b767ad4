import { parseRealtimeSubject, realtimeFailuresFilter } from '@headrace/contracts';
import type { ChannelSubscription, RequestFailures } from '@headrace/event-log';
import type { NatsConnection } from './connection/nats-connection.js';
import { messageOf, type Logger } from './logger.js';

/** Follows failures through what the server republishes after storing it: one subscription, whatever it is used for. */
export class JetStreamRequestFailures implements RequestFailures {
  constructor(
    private readonly connection: NatsConnection,
    private readonly logger: Logger,
  ) {}

  follow(onFailure: (project: string, channel: string) => void): ChannelSubscription {
    const subscription = this.connection.client.subscribe(realtimeFailuresFilter, {
      callback: (error, message) => {
        try {
          if (error) throw error;
          // The subject says it all, so the event itself is not read.
          const address = parseRealtimeSubject(message.subject);
          if (address) onFailure(address.project, address.channel);
        } catch (failure) {
          this.logger.warn({ error: messageOf(failure) }, 'The failure of a request was not passed on');
        }
      },
    });
    return { close: () => subscription.unsubscribe() };
  }

  onReconnect(listener: () => void): ChannelSubscription {
    return this.connection.onReconnect(listener);
  }
}
