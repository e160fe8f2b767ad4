import type { Msg } from '@nats-io/nats-core';
import { NewHeaders } from '../messages/message-headers.js';

/**
 * What hubs say to one another about sessions of long polls:
 *
 *   poll, publish      a question, to the subject of a hub
 *   taken              the hub that is asked is there; its answer comes later
 *   answer, gone       the answer, to where the question came from
 *   delivered, kept    whether the client got the answer to its poll, to the subject of the hub that answered
 */
export type HubMessageKind = 'poll' | 'publish' | 'taken' | 'answer' | 'gone' | 'delivered' | 'kept';

const names = { kind: 'Kind', exchange: 'Exchange', session: 'Session', type: 'Content-Type', piece: 'Piece' } as const;

/** The head of a message. */
export interface HubMessageHead {
  readonly kind: HubMessageKind;
  /** Of a question and of what settles it: names the exchange among all that a hub takes part in. */
  readonly exchange?: string;
  readonly session?: string;
  readonly contentType?: string;
  /** Which of how many pieces of the whole a message has. */
  readonly piece?: readonly [index: number, count: number];
}

/** The headers of a message. A content type is a client's: what cannot be in a header is left out of it. */
export function headOf({ kind, exchange, session, contentType, piece }: HubMessageHead): NewHeaders {
  const headers = new NewHeaders();
  headers.set(names.kind, kind);
  if (exchange !== undefined) headers.set(names.exchange, exchange);
  if (session !== undefined) headers.set(names.session, session);
  if (contentType) headers.set(names.type, contentType.replace(/[^\x20-\x7e]/g, '').slice(0, longestType));
  if (piece) headers.set(names.piece, piece.join('/'));
  return headers;
}

/** Longer content types are none. */
const longestType = 200;

/** Reads what `headOf` wrote. */
export function readHead({ headers }: Pick<Msg, 'headers'>): Required<HubMessageHead> {
  const [index = 0, count = 1] = (headers?.get(names.piece) ?? '').split('/').filter(Boolean).map(Number);
  return {
    kind: headers?.get(names.kind) as HubMessageKind,
    exchange: headers?.get(names.exchange) ?? '',
    session: headers?.get(names.session) ?? '',
    contentType: headers?.get(names.type) ?? '',
    piece: [index, count],
  };
}
