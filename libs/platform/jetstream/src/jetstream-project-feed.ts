import {
  callbackRefused,
  catalogue,
  deliveryAttempted,
  deliveryDeadLettered,
  deliverySucceeded,
  projectEventFilter,
  projectRealtimeFilter,
  realtimeJoined,
  realtimePushed,
} from '@headrace/contracts';
import type { ChannelSubscription, ProjectFeed, ProjectSubscription, Recorded } from '@headrace/event-log';
import type { Msg } from '@nats-io/nats-core';
import type { NatsConnection } from './connection/nats-connection.js';
import { recordedOf } from './jetstream-event-log.js';
import { messageOf, type Logger } from './logger.js';
import { decodeEvent } from './messages/decode-event.js';
import { readEnvelope } from './messages/envelope.js';

const requestEvents = catalogue.filter(({ aggregate }) => aggregate === 'request');

/** Facts that are not republished: heard as they are written, which is before it is known whether they are stored. */
const facts = [
  deliveryAttempted,
  deliverySucceeded,
  deliveryDeadLettered,
  callbackRefused,
  realtimeJoined,
  realtimePushed,
];

/**
 * Follows a project through plain subscriptions, so it costs the server no consumer: decisions as they are republished
 * after they were stored, facts as they are written. Republishing those too would make the server send everything twice.
 */
export class JetStreamProjectFeed implements ProjectFeed {
  constructor(
    private readonly connection: NatsConnection,
    private readonly logger: Logger,
  ) {}

  subscribe(project: string, onEvent: (event: Recorded) => void): ProjectSubscription {
    const follow = (filter: string, read: (message: Msg) => Recorded) =>
      this.connection.client.subscribe(filter, {
        callback: (error, message) => {
          try {
            if (error) throw error;
            onEvent(read(message));
          } catch (failure) {
            // One bad event or listener must not end the feed.
            this.logger.warn({ project, error: messageOf(failure) }, 'Project feed could not pass an event on');
          }
        },
      });
    const subscriptions = [
      // One by one: beside the events there are the pieces of all answers.
      ...requestEvents.map((event) => follow(projectRealtimeFilter(project, event), recordedOf)),
      ...facts.map((fact) => follow(projectEventFilter(project, fact), asWritten)),
    ];
    // Until the server has the subscription, what others write passes by.
    const ready = this.connection.flush();
    return { ready, close: () => subscriptions.forEach((subscription) => subscription.unsubscribe()) };
  }

  onReconnect(listener: () => void): ChannelSubscription {
    return this.connection.onReconnect(listener);
  }
}

/** A message on its way into the log; it has no place there yet. */
const asWritten = (message: Msg): Recorded => decodeEvent(readEnvelope(message), message.subject, 0, message.data);
