import { Injectable } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { JetStream } from '../create-jetstream.js';
import { BatchLoop } from './batch-loop.js';
import { ConsumerLag } from './consumer-lag.js';
import { byConsumer, handlersOf, type FoundHandler, type HandledConsumer } from './find-handlers.js';
import { eventHandler, givenUpHandler, timerHandler } from './message-handlers.js';
import { MessageLoop, type Loop } from './message-loop.js';

/** Finds the handlers of a Nest application and runs the consumers they belong to. */
@Injectable()
export class ConsumerRunner {
  private loops: readonly Loop[] = [];
  private lag: ConsumerLag | undefined;

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly jetStream: JetStream,
  ) {}

  /** Starts to take messages. Throws `JetStreamSetupError` when two handlers claim the same messages. */
  start(): void {
    const handled = byConsumer(this.handlers());
    this.loops = handled.map((one) => this.loopOf(one));
    for (const loop of this.loops) loop.start();
    this.lag = new ConsumerLag(
      this.jetStream.connection,
      handled.map(({ consumer }) => consumer),
    );
    this.lag.start();
  }

  /**
   * Takes no more messages, waits for handlers in flight up to the limit of the settings, and gives the rest back so
   * that other processes take over at once.
   */
  async stop(): Promise<void> {
    this.lag?.stop();
    const { stopTimeoutMs } = this.jetStream.settings;
    await Promise.all(this.loops.map((loop) => loop.stop(stopTimeoutMs)));
    this.loops = [];
    await this.jetStream.connection.flush();
  }

  private handlers(): FoundHandler[] {
    const wrappers = [...this.discovery.getProviders(), ...this.discovery.getControllers()];
    const instances = new Set<unknown>(wrappers.map(({ instance }: { instance: unknown }) => instance));
    return [...instances].flatMap((instance) => {
      if (typeof instance !== 'object' || instance === null) return [];
      const prototype = Object.getPrototypeOf(instance) as object | null;
      return prototype ? handlersOf(instance, this.scanner.getAllMethodNames(prototype)) : [];
    });
  }

  private loopOf(handled: HandledConsumer): Loop {
    const { consumer, handlers } = handled;
    switch (handlers[0]?.metadata.kind) {
      case 'batch':
        return new BatchLoop(consumer, handlers[0].call, this.jetStream);
      case 'timer':
        return new MessageLoop(consumer, timerHandler(handled), this.jetStream);
      case 'givenUp':
        return new MessageLoop(consumer, givenUpHandler(handled), this.jetStream);
      default:
        return new MessageLoop(consumer, eventHandler(handled), this.jetStream);
    }
  }
}
