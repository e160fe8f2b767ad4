import { realtimeFilter } from '@headrace/contracts';
import type { ChannelSubscription } from '@headrace/event-log';
import type { Msg, Subscription } from '@nats-io/nats-core';
import type { NatsConnection } from './connection/nats-connection.js';
import { messageOf, type Logger } from './logger.js';

/** Hears everything of a channel: stored events and pieces of an answer. */
export type ChannelListener = (message: Msg) => void;

interface Followed {
  readonly subscription: Subscription;
  readonly listeners: Set<ChannelListener>;
}

/**
 * One subscription at the server for each channel that this process follows, whoever follows it and for what: a socket
 * wants its events and its answer, and a subscription costs 1.5 KiB here, 3 KiB there and a message.
 */
export class ChannelSubscriptions {
  private readonly channels = new Map<string, Followed>();

  constructor(
    private readonly connection: NatsConnection,
    private readonly logger: Logger,
  ) {}

  /** Listens to a channel from now on. */
  listen(project: string, channel: string, listener: ChannelListener): ChannelSubscription {
    const filter = realtimeFilter(project, channel);
    const { listeners } = this.channels.get(filter) ?? this.follow(filter, channel);
    listeners.add(listener);
    return {
      close: () => {
        if (listeners.delete(listener) && listeners.size === 0) this.leave(filter);
      },
    };
  }

  private follow(filter: string, channel: string): Followed {
    const listeners = new Set<ChannelListener>();
    const subscription = this.connection.client.subscribe(filter, {
      callback: (error, message) => {
        if (error) this.logger.warn({ channel, error: error.message }, 'Channel feed interrupted');
        else for (const listener of listeners) this.tell(listener, message);
      },
    });
    const followed = { subscription, listeners };
    this.channels.set(filter, followed);
    return followed;
  }

  /** One bad message or listener must not end the others. */
  private tell(listener: ChannelListener, message: Msg): void {
    try {
      listener(message);
    } catch (error) {
      const fields = { subject: message.subject, error: messageOf(error) };
      this.logger.error(fields, 'Channel feed could not pass an event on');
    }
  }

  private leave(filter: string): void {
    this.channels.get(filter)?.subscription.unsubscribe();
    this.channels.delete(filter);
  }
}
