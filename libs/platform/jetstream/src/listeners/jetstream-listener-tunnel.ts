import {
  listenerDeliverySubject,
  listenerSessionFilter,
  listenerSessionSubject,
  listenerSessionViolations,
  listenersStream,
  tunnelDeliveryViolations,
  tunnelOutcomeViolations,
  type ListenerSession,
  type TunnelDelivery,
  type TunnelOutcome,
} from '@headrace/contracts';
import type { ListenerSubscription, ListenerTunnel, TunnelAsk } from '@headrace/event-log';
import { headers, RequestError, type Msg } from '@nats-io/nats-core';
import type { NatsConnection } from '../connection/nats-connection.js';
import { messageOf, type Logger } from '../logger.js';
import { parseJson } from '../messages/decode-event.js';
import { readAllStored } from '../messages/read-stored.js';
import { storeMessage } from '../messages/store-message.js';
import { KnownListeners } from './known-listeners.js';

const away: TunnelOutcome = { kind: 'away' };

/**
 * Sessions in the stream LISTENERS, which holds one message for each, and deliveries as plain requests between
 * processes. What is stored also reaches plain subscribers, so a process reads the stream once and then hears of
 * changes; after a lost connection it reads again.
 */
export class JetStreamListenerTunnel implements ListenerTunnel {
  readonly #known = new KnownListeners();
  #ready: Promise<void> | undefined;

  constructor(
    private readonly connection: NatsConnection,
    private readonly logger: Logger,
  ) {}

  ready(): Promise<void> {
    this.#ready ??= this.#follow();
    return this.#ready;
  }

  sessionsOf(project: string): ListenerSession[] {
    return this.#known.of(project);
  }

  find(project: string, session: string): ListenerSession | undefined {
    return this.#known.find(project, session);
  }

  async announce(session: ListenerSession): Promise<void> {
    const subject = listenerSessionSubject(session.project, session.session);
    await storeMessage(this.connection, subject, Buffer.from(JSON.stringify(session)), headers());
    // Not only when the own subscription tells: what follows in this process relies on it.
    this.#known.note(session);
  }

  onChange(listener: (session: ListenerSession) => void): ListenerSubscription {
    return this.#known.onChange(listener);
  }

  async ask(session: ListenerSession, delivery: TunnelDelivery, ask: TunnelAsk): Promise<TunnelOutcome> {
    ask.signal.throwIfAborted();
    if (session.connection === null) return away;
    const subject = listenerDeliverySubject(session.session, session.connection);
    const over = this.#lossOf(session, ask.signal);
    try {
      return await Promise.race([this.#request(subject, delivery, ask.limitMs), over.loss]);
    } finally {
      over.close();
    }
  }

  serve(
    session: string,
    connection: string,
    deliver: (delivery: TunnelDelivery) => Promise<TunnelOutcome>,
  ): ListenerSubscription {
    const subscription = this.connection.client.subscribe(listenerDeliverySubject(session, connection), {
      callback: (error, message) => {
        if (!error) void this.#answer(message, deliver);
      },
    });
    return { close: () => subscription.unsubscribe() };
  }

  async #follow(): Promise<void> {
    this.connection.client.subscribe(listenerSessionFilter, {
      callback: (error, message) => {
        if (!error) this.#note(message);
      },
    });
    this.connection.onReconnect(() => void this.#readAgain());
    await this.#read();
  }

  async #read(): Promise<void> {
    const stored = await readAllStored(this.connection, listenersStream.name, listenerSessionFilter);
    for (const message of stored) this.#note(message);
  }

  /** Not read, they are still told of every few seconds. */
  async #readAgain(): Promise<void> {
    try {
      await this.#read();
    } catch (error) {
      this.logger.warn({ error: messageOf(error) }, 'Listening sessions could not be read again');
    }
  }

  #note(message: Msg): void {
    const session = this.#checked<ListenerSession>(message, listenerSessionViolations);
    if (session) this.#known.note(session);
  }

  /** `away` as soon as the session has another socket or none; rejects when this process stops. */
  #lossOf({ project, session, connection }: ListenerSession, signal: AbortSignal) {
    const { promise: loss, resolve, reject } = Promise.withResolvers<TunnelOutcome>();
    const changes = this.#known.onChange((told) => {
      if (told.project === project && told.session === session && told.connection !== connection) resolve(away);
    });
    const stop = () => reject(signal.reason instanceof Error ? signal.reason : new Error('The process stops.'));
    signal.addEventListener('abort', stop, { once: true });
    const close = () => {
      changes.close();
      signal.removeEventListener('abort', stop);
    };
    return { loss, close };
  }

  /** Nobody there, no answer and an answer that is none mean the same: the attempt cannot be judged. */
  async #request(subject: string, delivery: TunnelDelivery, timeout: number): Promise<TunnelOutcome> {
    try {
      const answer = await this.connection.client.request(subject, JSON.stringify(delivery), { timeout });
      return this.#checked<TunnelOutcome>(answer, tunnelOutcomeViolations) ?? away;
    } catch (error) {
      // Nobody there is what a lost connection looks like; anything else is worth a line.
      const isNobody = error instanceof RequestError && error.isNoResponders();
      if (!isNobody) this.logger.info({ subject, error: messageOf(error) }, 'A listening session did not answer');
      return away;
    }
  }

  async #answer(message: Msg, deliver: (delivery: TunnelDelivery) => Promise<TunnelOutcome>): Promise<void> {
    const delivery = this.#checked<TunnelDelivery>(message, tunnelDeliveryViolations);
    try {
      const outcome = delivery ? await deliver(delivery) : away;
      message.respond(JSON.stringify(outcome));
    } catch (error) {
      this.logger.error({ subject: message.subject, error: messageOf(error) }, 'A tunnel could not deliver');
    }
  }

  #checked<Value>(message: Msg, violationsOf: (value: unknown) => { path: string; message: string }[]) {
    try {
      const value = parseJson(message.data, message.subject);
      const [violation] = violationsOf(value);
      if (!violation) return value as Value;
      this.logger.warn({ subject: message.subject, ...violation }, 'A message of a tunnel is not valid');
    } catch (error) {
      this.logger.warn({ subject: message.subject, error: messageOf(error) }, 'A message of a tunnel cannot be read');
    }
    return undefined;
  }
}
