import type { Serializer } from '@headrace/contracts';
import type { Share } from '@headrace/http';
import type { PhoenixOptions } from './phoenix-options.js';
import type { PhoenixSocket } from './phoenix-socket.js';

/** The server as its sockets see it. */
export interface SocketHost<Session> {
  readonly options: PhoenixOptions<Session>;
  /** Counts up a fixed number of times within one idle time: a clock that costs a socket nothing to read. */
  readonly tick: number;
  /** Counts a join; why it is one too many, or undefined. */
  refusalOfJoin(shares: readonly Share[]): string | undefined;
  forget(socket: PhoenixSocket<Session>): void;
}

/** What is known of a client when its connection is there. */
export interface Client<Session> {
  readonly serializer: Serializer;
  readonly session: Session;
  readonly shares: readonly Share[];
}
