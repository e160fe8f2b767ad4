import {
  eventsStream,
  projectWaitingFilter,
  timerDueSubject,
  timerScheduleSubject,
  timersStream,
  waitingStream,
  type ConsumerDefinition,
  type StreamDefinition,
  type TimerDefinition,
} from '@headrace/contracts';
import {
  EventLogUnavailable,
  type LogBeginning,
  type LogInspection,
  type TimerKey,
  type WaitingRequest,
} from '@headrace/event-log';
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import type { Listening, NatsConnection } from './connection/nats-connection.js';
import { messageOf } from './logger.js';
import { readAllStored, readStored } from './messages/read-stored.js';
import type { TopologyKeeper } from './topology/topology-keeper.js';

/** What the server tells of the streams behind the log. */
export class JetStreamLogInspection implements LogInspection {
  constructor(
    private readonly connection: NatsConnection,
    private readonly topology: TopologyKeeper,
    private readonly timeoutMs: number,
  ) {}

  async beginning(): Promise<LogBeginning> {
    const { config, created } = await this.ask(({ streams }) => streams.info(eventsStream.name));
    return { sequence: config.first_seq || 1, at: new Date(created) };
  }

  async madeAt({ name }: StreamDefinition): Promise<Date> {
    const { created } = await this.ask(({ streams }) => streams.info(name));
    return new Date(created);
  }

  async waiting(project: string): Promise<readonly WaitingRequest[]> {
    const stored = await readAllStored(this.connection, waitingStream.name, projectWaitingFilter(project));
    return stored.map((message) => message.json<WaitingRequest>());
  }

  async settledUpTo({ stream, name }: ConsumerDefinition): Promise<number> {
    const { ack_floor } = await this.ask(({ consumers }) => consumers.info(stream.name, name));
    return ack_floor.stream_seq;
  }

  async hasTimer({ kind }: TimerDefinition, key: TimerKey): Promise<boolean> {
    const address = { kind, ...key };
    // In this order: one that fires in between is found at its second place.
    for (const last_by_subj of [timerScheduleSubject(address), timerDueSubject(address)]) {
      if (await readStored(this.connection, timersStream.name, { last_by_subj })) return true;
    }
    return false;
  }

  onReturn(listener: () => void): Listening {
    return this.connection.onReconnect(() => void this.topology.ensure().then(listener));
  }

  private async ask<Answer>(question: (manager: JetStreamManager) => Promise<Answer>): Promise<Answer> {
    try {
      return await question(await jetstreamManager(this.connection.client, { timeout: this.timeoutMs }));
    } catch (cause) {
      throw new EventLogUnavailable(`NATS did not tell about a stream: ${messageOf(cause)}.`, { cause });
    }
  }
}
