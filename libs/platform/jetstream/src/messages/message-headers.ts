import type { MsgHdrs } from '@nats-io/nats-core';
import { MsgHdrsImpl } from '@nats-io/nats-core/internal';

/*
 * The client's own headers search all names, and copy the new one's characters into an array, whenever one is added,
 * by us or out of a message that came: measured, a third of all garbage of a process under load.
 */

/** Headers of a message to be sent, one value for each name. */
export class NewHeaders extends MsgHdrsImpl {
  /** Throws when the value would end its line and begin another header. */
  override set(name: string, value: string): void {
    this.headers.set(name, [MsgHdrsImpl.validHeaderValue(value)]);
  }

  /** Out of Node's pool of small buffers: the client's own takes memory of the system for each message. */
  override encode(): Buffer {
    return Buffer.from(this.toString());
  }
}

/** A message as the client hands it out. */
export interface WithHeaders {
  readonly headers?: MsgHdrs | undefined;
}

/** Where the client keeps a message's bytes; not part of its public interface, so everything may be missing. */
interface WithBytes {
  /** Of a JetStream message: the plain one inside. */
  readonly msg?: WithBytes;
  readonly _rdata?: Uint8Array;
  /** Length of the headers; -1: it has none. */
  readonly _msg?: { readonly hdr?: number };
}

const lineEnd = '\r\n';

/** Names and values of a message's headers, in order; a name that comes twice comes twice. */
export function visitHeaders(message: WithHeaders, visit: (name: string, value: string) => void): void {
  const text = textOf(message);
  if (text === undefined) {
    // A newer client keeps its bytes elsewhere.
    for (const [name, values] of message.headers ?? []) for (const value of values) visit(name, value);
    return;
  }
  // The first line has the version and perhaps a status.
  for (let at = text.indexOf(lineEnd) + 2; at > 1 && at < text.length;) {
    const end = text.indexOf(lineEnd, at);
    const colon = text.indexOf(':', at);
    if (end <= at) return;
    if (colon > at && colon < end) visit(text.slice(at, colon), text.slice(colon + 1, end).trim());
    at = end + 2;
  }
}

/**
 * The status with which the server answers instead of a message; 0: it is one. A status has no body, and whatever has
 * one is not looked at further: the client would read all headers of each message for this, a fifth of all garbage.
 */
export function statusOf(message: WithHeaders & { readonly data: Uint8Array }): number {
  return message.data.length === 0 ? (message.headers?.code ?? 0) : 0;
}

function textOf(message: WithHeaders): string | undefined {
  const outer = message as WithBytes;
  const { _rdata: bytes, _msg: layout } = outer.msg ?? outer;
  if (!(bytes instanceof Uint8Array) || typeof layout?.hdr !== 'number') return undefined;
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.max(0, layout.hdr)).toString();
}
