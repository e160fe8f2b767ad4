import { definitionOf, parseEventSubject } from '@headrace/contracts';
import { UndecodableMessage, type Recorded } from '@headrace/event-log';
import type { Envelope } from './envelope.js';

/**
 * A stored message as an event, checked against the catalogue.
 * Throws `UndecodableMessage`: whatever is in the log, handlers get only what fits its schema.
 */
export function decodeEvent(envelope: Envelope, subject: string, sequence: number, body: Uint8Array): Recorded {
  const { id, type, time, traceParent, causationId } = envelope;
  const address = parseEventSubject(subject)?.address;
  if (!address) throw new UndecodableMessage(`${subject} is not the subject of an event`);
  const definition = definitionOf(type);
  if (!definition) throw new UndecodableMessage(`message ${sequence} is of the unknown type "${type}"`);
  const data = parseJson(body, `message ${sequence} (${type})`);
  const [violation] = definition.violations(data);
  if (violation) {
    throw new UndecodableMessage(`message ${sequence} (${type}) is not valid: ${violation.path} ${violation.message}`);
  }
  return { id, type, data, address, sequence, time, traceParent, causationId };
}

/** A body as JSON. Throws `UndecodableMessage` that names `what`. */
export function parseJson(body: Uint8Array, what: string): unknown {
  try {
    return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString());
  } catch (cause) {
    throw new UndecodableMessage(`${what} is not JSON`, { cause });
  }
}
