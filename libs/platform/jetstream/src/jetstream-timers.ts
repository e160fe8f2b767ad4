import {
  timerDueSubject,
  timerScheduleSubject,
  timersStream,
  type TimerData,
  type TimerDefinition,
} from '@headrace/contracts';
import { EventLogUnavailable, InvalidEvent, type Cause, type TimerKey, type Timers } from '@headrace/event-log';
import { traceParentFor } from '@headrace/telemetry';
import type { NatsConnection } from './connection/nats-connection.js';
import { envelopeHeaders } from './messages/envelope.js';
import { storeMessage } from './messages/store-message.js';

/** When a timer is due: the server's own header does not survive its firing. */
export const dueHeader = 'Headrace-Due';

/**
 * Timers as JetStream message schedules (server 2.12, ADR-51): a message that the server publishes later, in the same
 * stream. A newer schedule under a subject replaces the older, and a schedule in the past fires at once.
 */
export class JetStreamTimers implements Timers {
  constructor(private readonly connection: NatsConnection) {}

  async schedule<Definition extends TimerDefinition>(
    definition: Definition,
    key: TimerKey,
    at: Date,
    data: TimerData<Definition>,
    cause?: Cause,
  ): Promise<void> {
    const violations = definition.violations(data);
    if (violations.length > 0) throw new InvalidEvent(`timer.${definition.kind}`, violations);
    const address = { kind: definition.kind, ...key };
    const headers = envelopeHeaders({
      type: `timer.${definition.kind}`,
      subject: `${key.project}/${key.channel}/timer/${key.key}`,
      channel: key.channel,
      traceParent: traceParentFor(cause?.traceParent),
      causationId: cause?.id,
    });
    headers.set(dueHeader, at.toISOString());
    headers.set('Nats-Schedule', `@at ${at.toISOString()}`);
    headers.set('Nats-Schedule-Target', timerDueSubject(address));
    await storeMessage(this.connection, timerScheduleSubject(address), Buffer.from(JSON.stringify(data)), headers);
  }

  async cancel(definition: TimerDefinition, key: TimerKey): Promise<void> {
    const filter = timerScheduleSubject({ kind: definition.kind, ...key });
    const purge = `$JS.API.STREAM.PURGE.${timersStream.name}`;
    const answer = await this.connection.request(purge, JSON.stringify({ filter }));
    const { error } = answer.json<{ error?: { description: string } }>();
    if (error) throw new EventLogUnavailable(`NATS did not cancel a timer: ${error.description}.`);
  }
}
