/**
 * Headers of every message in the log: CloudEvents 1.0 names in NATS binary mode, W3C trace context,
 * and the ids that tie a message to what caused it.
 */
export const messageHeaders = {
  specVersion: 'ce-specversion',
  id: 'ce-id',
  type: 'ce-type',
  source: 'ce-source',
  subject: 'ce-subject',
  time: 'ce-time',
  /** Channel id: all messages of one request share it. */
  correlationId: 'ce-correlationid',
  /** `ce-id` of the message that this one follows from. */
  causationId: 'ce-causationid',
  traceParent: 'traceparent',
  /** Only on dead letters: why the message was given up, and where it stood. */
  deadLetterReason: 'hr-dead-letter-reason',
  deadLetterStream: 'hr-dead-letter-stream',
  deadLetterSequence: 'hr-dead-letter-sequence',
  deadLetterConsumer: 'hr-dead-letter-consumer',
  deadLetterSubject: 'hr-dead-letter-subject',
} as const;

/** `ce-source` of what this system says. */
export const eventSource = 'headrace';
