import { setTimeout as delay } from 'node:timers/promises';
import type { ConsumerDefinition } from '@headrace/contracts';
import type { NatsConnection } from '../connection/nats-connection.js';
import { messageOf, type Logger } from '../logger.js';
import type { TopologyKeeper } from '../topology/topology-keeper.js';
import type { ConsumedMessage } from './consumed-message.js';
import { Portion, type PortionTerms } from './portion.js';

const retryMs = 250;
const lookMs = 1_000;
/** Every consumer of a process may have two portions on their way. */
const portionBytes = 4 * 1024 * 1024;
/** Subjects and headers of one message. */
const overheadBytes = 16 * 1024;

/** What a source of messages needs. */
export interface MessageSourceContext {
  readonly connection: NatsConnection;
  readonly topology: TopologyKeeper;
  readonly logger: Logger;
}

/**
 * Pulls one consumer's messages until it is stopped. Survives lost connections, restarts of the server, and the
 * removal of consumer or stream, which it has made again.
 */
export class MessageSource {
  private stopped = false;
  private readonly ending = Promise.withResolvers<void>();
  private running: Promise<void> | undefined;

  constructor(
    private readonly definition: ConsumerDefinition,
    private readonly onMessage: (message: ConsumedMessage) => void,
    private readonly context: MessageSourceContext,
  ) {}

  start(): void {
    this.running = this.run();
  }

  /** Stops pulling; what is on its way already is delivered again, elsewhere or later. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.ending.resolve();
    await this.running;
  }

  private async run(): Promise<void> {
    const { connection, topology, logger } = this.context;
    while (!this.stopped) {
      try {
        await this.pull();
      } catch (error) {
        if (this.stopped) return;
        logger.warn(
          { consumer: this.definition.name, error: messageOf(error) },
          'Consumer interrupted; starting again',
        );
        await this.unlessStopped(delay(retryMs));
        // Resolves when everything is there, which may be long after NATS went away.
        await this.unlessStopped(topology.ensure());
      }
      while (!this.stopped && !connection.isConnected) await this.unlessStopped(delay(retryMs));
    }
  }

  private async unlessStopped(waiting: Promise<void>): Promise<void> {
    await Promise.race([waiting, this.ending.promise]);
  }

  /** Resolves when the connection came back, and rejects when the consumer is gone. */
  private async pull(): Promise<void> {
    const { connection } = this.context;
    const over = Promise.withResolvers<void>();
    const terms = this.terms(over.reject);
    const portions = [0, 1].slice(0, this.definition.batch).map(() => new Portion(connection.client, terms));
    // The second one begins smaller, so that one always runs while the other is being asked for.
    portions.forEach((portion, index) => portion.ask(Math.ceil(terms.messages / (index + 1))));
    const looking = setInterval(() => {
      if (connection.isConnected) for (const portion of portions) portion.askAgainIfForgotten();
    }, lookMs);
    looking.unref();
    // Whether the server remembers what it was asked for is not sure; a fresh start takes a moment.
    const reconnecting = connection.onReconnect(over.resolve);
    try {
      await Promise.race([over.promise, this.ending.promise]);
    } finally {
      clearInterval(looking);
      reconnecting.close();
      for (const portion of portions) portion.close();
    }
  }

  private terms(onFailure: (error: Error) => void): PortionTerms {
    const { name, stream, batch } = this.definition;
    return {
      stream: stream.name,
      consumer: name,
      messages: Math.ceil(batch / 2),
      bytes: Math.max(portionBytes, this.context.connection.maxPayload + overheadBytes),
      onMessage: this.onMessage,
      onFailure,
    };
  }
}
