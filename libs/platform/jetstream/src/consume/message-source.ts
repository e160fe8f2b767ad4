import { setTimeout as delay } from 'node:timers/promises';
import type { ConsumerDefinition } from '@headrace/contracts';
import { jetstream, type ConsumerMessages, type JsMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '../connection/nats-connection.js';
import { messageOf, type Logger } from '../logger.js';
import type { TopologyKeeper } from '../topology/topology-keeper.js';

const retryMs = 250;
const pullMs = 10_000;

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
  private messages: ConsumerMessages | undefined;
  private running: Promise<void> | undefined;

  constructor(
    private readonly definition: ConsumerDefinition,
    private readonly onMessage: (message: JsMsg) => void,
    private readonly context: MessageSourceContext,
  ) {}

  start(): void {
    this.running = this.run();
  }

  /** Stops pulling; what is on its way already is delivered again, elsewhere or later. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.ending.resolve();
    this.messages?.stop();
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
    const { name, stream, batch } = this.definition;
    const consumer = await jetstream(connection.client).consumers.get(stream.name, name);
    const messages = await consumer.consume({
      max_messages: batch,
      expires: pullMs,
      abort_on_missing_resource: true,
      callback: (message) => this.onMessage(message),
    });
    this.messages = messages;
    // The library looks again only after the pull has expired; a fresh start takes a moment.
    const reconnecting = connection.onReconnect(() => messages.stop());
    if (this.stopped) messages.stop();
    try {
      const error = await messages.closed();
      if (error) throw error;
    } finally {
      reconnecting.close();
    }
  }
}
