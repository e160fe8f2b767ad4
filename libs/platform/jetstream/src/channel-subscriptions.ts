import { realtimeFilter } from '@headrace/contracts';
import type { ChannelSubscription } from '@headrace/event-log';
import type { Msg, Subscription } from '@nats-io/nats-core';
import type { NatsConnection } from './connection/nats-connection.js';
import { messageOf, type Logger } from './logger.js';

/** Hears everything of a channel: stored events and pieces of an answer. */
export type ChannelListener = (message: Msg) => void;

/** A channel that this process follows. */
interface Followed {
  readonly filter: string;
  readonly subscription: Subscription;
  /** One or two; a set of its own would take more memory than all the rest of this. */
  listeners: readonly ChannelListener[];
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
    const followed = this.channels.get(filter) ?? this.follow(filter);
    followed.listeners = [...followed.listeners, listener];
    return new Listening(this, followed, listener);
  }

  /** Tells a listener nothing more; the last one takes the subscription with it. */
  leave(followed: Followed, listener: ChannelListener): void {
    if (!followed.listeners.includes(listener)) return;
    followed.listeners = followed.listeners.filter((other) => other !== listener);
    if (followed.listeners.length > 0) return;
    followed.subscription.unsubscribe();
    this.channels.delete(followed.filter);
  }

  private follow(filter: string): Followed {
    const subscription = this.connection.client.subscribe(filter, {
      callback: (error, message) => {
        if (error) this.logger.warn({ subject: filter, error: error.message }, 'Channel feed interrupted');
        else for (const listener of this.channels.get(filter)?.listeners ?? []) this.tell(listener, message);
      },
    });
    const followed = { filter, subscription, listeners: [] };
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
}

/** One listener of a channel. */
class Listening implements ChannelSubscription {
  constructor(
    private readonly channels: ChannelSubscriptions,
    private readonly followed: Followed,
    private readonly listener: ChannelListener,
  ) {}

  close(): void {
    this.channels.leave(this.followed, this.listener);
  }
}
