import { performance } from 'node:perf_hooks';

/** The version of HTTP that a connection speaks. */
export type HttpVersion = 'http/1.1' | 'h2';

/** How long the steps of opening a connection took, in milliseconds; null: not made, or not finished. */
export interface ConnectSteps {
  /** Null as well when the host is an address. */
  readonly dnsMs: number | null;
  readonly connectMs: number | null;
  /** Null as well for http. */
  readonly tlsMs: number | null;
}

/** One try to open a connection, as far as it got. Times are on the clock of `performance.now()`; 0: not yet. */
export class ConnectAttempt {
  readonly startedAt = performance.now();
  resolvedAt = 0;
  connectedAt = 0;
  /** When the connection could be used. */
  readyAt = 0;
  version: HttpVersion = 'http/1.1';

  constructor(
    private readonly isAddress: boolean,
    private readonly isTls: boolean,
  ) {}

  /** What it waited for last, as the subject of a sentence that ends in `in time`. */
  get waitedFor(): string {
    if (this.connectedAt > 0 && this.isTls) return 'The TLS handshake was not finished';
    return this.resolvedAt > 0 || this.isAddress ? 'The connection was not made' : 'The host was not resolved';
  }

  /** Whether the other side was reached, but not TLS. */
  get isInHandshake(): boolean {
    return this.isTls && this.connectedAt > 0 && this.readyAt === 0;
  }

  get steps(): ConnectSteps {
    const { startedAt, resolvedAt, connectedAt, readyAt } = this;
    return {
      dnsMs: this.isAddress ? null : between(startedAt, resolvedAt),
      connectMs: between(this.isAddress ? startedAt : resolvedAt, connectedAt),
      tlsMs: this.isTls ? between(connectedAt, readyAt) : null,
    };
  }
}

/** A connection that could not be opened. Its code is its cause's, so that nothing else needs to know of it. */
export class ConnectFailure extends Error {
  override readonly name = 'ConnectFailure';

  constructor(
    readonly attempt: ConnectAttempt,
    override readonly cause: unknown,
  ) {
    super('The connection could not be opened.', { cause });
  }
}

const between = (from: number, to: number): number | null => (from > 0 && to > 0 ? to - from : null);
