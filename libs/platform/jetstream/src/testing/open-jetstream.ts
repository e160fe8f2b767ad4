import { aiRunnerConsumer, consumers as everyConsumer, type ConsumerDefinition } from '@headrace/contracts';
import type { INestApplicationContext } from '@nestjs/common';
import { DiscoveryModule, NestFactory } from '@nestjs/core';
import { ConsumerRunner } from '../consume/consumer-runner.js';
import { createJetStream, type JetStream } from '../create-jetstream.js';
import { jetStreamProviders } from '../jetstream.providers.js';
import { JetStreamSettings } from '../jetstream.settings.js';
import { wantedTopology } from '../topology/wanted-topology.js';
import { RecordingLogger } from './recording-logger.js';

/** A process's connection to the event log, with its log lines. */
export interface TestJetStream {
  readonly jetStream: JetStream;
  readonly logger: RecordingLogger;
}

/** What a test wants other than the defaults. */
export interface OpenJetStreamOptions {
  readonly settings?: Partial<JetStreamSettings>;
  /** Consumers besides those of the contracts. */
  readonly consumers?: readonly ConsumerDefinition[];
}

/** Opens the event log on a test's server. */
export async function openJetStream(
  { url }: { readonly url: string },
  { settings = {}, consumers = [] }: OpenJetStreamOptions = {},
): Promise<TestJetStream> {
  const logger = new RecordingLogger();
  const topology = wantedTopology(1, [...everyConsumer, ...consumers]);
  const jetStream = await createJetStream(
    { url, name: 'test', settings: Object.assign(new JetStreamSettings(), settings), topology },
    logger,
  );
  return { jetStream, logger };
}

/** A consumer of accepted requests that is quick to redeliver, for one test. */
export function aConsumer(name: string, more: Partial<ConsumerDefinition> = {}): ConsumerDefinition {
  return { ...aiRunnerConsumer, backoffMs: [1], ackWaitMs: 1_000, ...more, name };
}

/** A Nest application of handlers, with its consumers running. */
export interface TestProcess {
  readonly runner: ConsumerRunner;
  readonly app: INestApplicationContext;
  stop(): Promise<void>;
}

/** Runs handler objects as a process would run its services. */
export async function runHandlers(jetStream: JetStream, ...handlers: readonly object[]): Promise<TestProcess> {
  class TestModule {}
  const providers = handlers.map((useValue, index) => ({ provide: `handler-${index}`, useValue }));
  const app = await NestFactory.createApplicationContext(
    {
      module: TestModule,
      imports: [DiscoveryModule],
      providers: [...jetStreamProviders(jetStream), ...providers, ConsumerRunner],
    },
    { logger: false },
  );
  const runner = app.get(ConsumerRunner);
  runner.start();
  return {
    runner,
    app,
    async stop() {
      await runner.stop();
      await app.close();
    },
  };
}
