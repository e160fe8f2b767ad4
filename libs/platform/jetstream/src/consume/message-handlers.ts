import { parseTimerDueSubject, type TimerAddress, type TimerDefinition } from '@headrace/contracts';
import { UndecodableMessage, type Delivery, type FiredTimer } from '@headrace/event-log';
import { inSpan, metrics } from '@headrace/telemetry';
import { SpanKind } from '@opentelemetry/api';
import { decodeGivenUp } from '../dead-letters/decode-given-up.js';
import { dueHeader } from '../jetstream-timers.js';
import { decodeEvent, parseJson } from '../messages/decode-event.js';
import { readEnvelope, type Envelope } from '../messages/envelope.js';
import type { ConsumedMessage } from './consumed-message.js';
import type { FoundHandler, HandledConsumer } from './find-handlers.js';
import type { MessageHandler } from './message-loop.js';

type Call = FoundHandler['call'];

/** Hands each event to the handler of its type; a type without one is none of this consumer's business. */
export function eventHandler({ consumer, handlers }: HandledConsumer): MessageHandler {
  const byType = new Map<string, Call>();
  for (const { metadata, call } of handlers) {
    if (metadata.kind === 'event') for (const { type } of metadata.definitions) byType.set(type, call);
  }
  return async (message, delivery) => {
    const envelope = readEnvelope(message);
    const call = byType.get(envelope.type);
    if (!call) return;
    const event = decodeEvent(envelope, message.subject, message.seq, message.data);
    await traced(consumer.name, envelope, message, () => call(event, delivery));
  };
}

/** Hands each fired timer to the handler of its kind. */
export function timerHandler({ consumer, handlers }: HandledConsumer): MessageHandler {
  const byKind = new Map<string, { readonly definition: TimerDefinition; readonly call: Call }>();
  for (const { metadata, call } of handlers) {
    if (metadata.kind === 'timer') byKind.set(metadata.definition.kind, { definition: metadata.definition, call });
  }
  return async (message, delivery) => {
    const address = parseTimerDueSubject(message.subject);
    if (!address) throw new UndecodableMessage(`${message.subject} is not the subject of a timer`);
    const handler = byKind.get(address.kind);
    if (!handler) return;
    countTimer(address.kind, message, delivery);
    const envelope = readEnvelope(message);
    const timer = decodeTimer(handler.definition, address, envelope, message.data);
    await traced(consumer.name, envelope, message, () => handler.call(timer, delivery));
  };
}

/** Hands the server's notices of messages given up to their one handler. */
export function givenUpHandler({ handlers }: HandledConsumer): MessageHandler {
  return async (message: ConsumedMessage, delivery: Delivery) => {
    const givenUp = decodeGivenUp(message.data);
    await Promise.all(handlers.map(({ call }) => call(givenUp, delivery)));
  };
}

/** How late a timer comes to its handler; further deliveries of the same one say nothing about timers. */
function countTimer(kind: string, { headers }: ConsumedMessage, { count }: Delivery): void {
  const due = Date.parse(headers?.get(dueHeader) ?? '');
  if (count === 1 && !Number.isNaN(due))
    metrics.timerLateness.with(kind).observe(Math.max(0, Date.now() - due) / 1_000);
}

function decodeTimer(
  definition: TimerDefinition,
  address: TimerAddress,
  { id, traceParent }: Envelope,
  body: Uint8Array,
): FiredTimer {
  const data = parseJson(body, `timer ${definition.kind}`);
  const [violation] = definition.violations(data);
  if (violation) {
    throw new UndecodableMessage(`timer ${definition.kind} is not valid: ${violation.path} ${violation.message}`);
  }
  return { id, address, data: data as FiredTimer['data'], traceParent };
}

function traced(
  consumer: string,
  { id, type, traceParent }: Envelope,
  message: ConsumedMessage,
  work: () => Promise<void>,
) {
  return inSpan(
    () => ({
      name: `process ${type}`,
      kind: SpanKind.CONSUMER,
      parent: traceParent,
      attributes: {
        'messaging.system': 'nats',
        'messaging.operation.name': 'process',
        'messaging.operation.type': 'process',
        'messaging.destination.name': message.stream,
        'messaging.consumer.group.name': consumer,
        'messaging.message.id': id,
        'headrace.delivery': message.deliveryCount,
      },
    }),
    work,
  );
}
