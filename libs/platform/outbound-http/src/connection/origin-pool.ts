import { performance } from 'node:perf_hooks';
import { Client, Pool, type Dispatcher } from 'undici';
import type { AddressPolicy } from '../address/address-policy.js';
import type { ConnectAttempt, ConnectFailure, HttpVersion } from './connect-attempt.js';
import { guardedConnector, type ConnectObserver, type ConnectOptions } from './guarded-connector.js';

/** A call that has not started, because it waits for a connection. */
export interface WaitingCall {
  readonly startedAt: number;
  /** No connection could be opened. */
  onConnectFailure(failure: ConnectFailure): void;
}

/** Enough for every receiver of a busy origin, few enough that a broken connection ends few calls. */
const streamsPerConnection = 64;

/** The connections to one origin, and what is known of how they were opened. */
export class OriginPool implements ConnectObserver {
  readonly pool: Pool;
  /** Whether HTTP/2 is spoken where the receiver offers it. */
  readonly speaksHttp2: boolean;
  /** The one begun last, ready or not. */
  private begun: ConnectAttempt | undefined;
  /** The one that became ready last. */
  private ready: ConnectAttempt | undefined;
  /** The one that is given to the calls waiting for it at this very moment. */
  private handedOver: ConnectAttempt | undefined;
  private readonly waiting = new Set<WaitingCall>();

  private readonly options: Client.Options;

  constructor(
    private readonly origin: string,
    policy: AddressPolicy,
    connect: ConnectOptions,
    connections: number,
  ) {
    this.speaksHttp2 = connect.http2;
    this.options = {
      connect: guardedConnector(policy, connect, this),
      allowH2: connect.http2,
      // No pings on a clock, which have no time limit and so prove nothing: undici asks for a sign of life itself
      // after a call that got no answer, and gives the connection up when there is none.
      h2Options: { maxConcurrentStreams: streamsPerConnection, pingInterval: 0 },
    };
    this.pool = new Pool(origin, { ...this.options, connections });
  }

  /** A connection of its own for one call, beside the pool's. To be closed by the caller. */
  connectionApart(): Dispatcher {
    return new Client(this.origin, this.options);
  }

  /** What the connection opened last speaks. */
  get version(): HttpVersion {
    return this.ready?.version ?? 'http/1.1';
  }

  /** The connection that a call waited for which starts now; undefined when it uses one that was open. */
  openedForCallOf(callStartedAt: number): ConnectAttempt | undefined {
    if (this.handedOver) return this.handedOver;
    // On HTTP/2 one connection is opened for all calls that wait, and they start one after the other.
    const { ready } = this;
    return ready?.version === 'h2' && ready.readyAt >= callStartedAt ? ready : undefined;
  }

  /** The connection that a call waits for which has not started; undefined when it waits for one that is open. */
  beingOpened(): ConnectAttempt | undefined {
    return this.begun?.readyAt === 0 ? this.begun : undefined;
  }

  /** Tells a call when no connection can be opened, until it has started or ended. */
  tell(call: WaitingCall): void {
    this.waiting.add(call);
  }

  /** The call has started or ended. */
  tellNoLonger(call: WaitingCall): void {
    this.waiting.delete(call);
  }

  onBegin(attempt: ConnectAttempt): void {
    this.begun = attempt;
  }

  onReady(attempt: ConnectAttempt, handOver: () => void): void {
    this.ready = attempt;
    this.handedOver = attempt;
    try {
      handOver();
    } finally {
      this.handedOver = undefined;
    }
  }

  /**
   * While it is not known whether an origin speaks HTTP/2, undici opens one connection and lets all other calls wait
   * for it. When it fails they would each try in turn, one connect timeout after the other; so those that have waited
   * for most of this try share its failure.
   */
  onFailed(failure: ConnectFailure): void {
    if (this.waiting.size === 0 || this.pool.stats.connected > 0 || this.ready?.version === 'http/1.1') return;
    const now = performance.now();
    const longEnough = (now - failure.attempt.startedAt) / 2;
    for (const call of [...this.waiting]) {
      if (now - call.startedAt >= longEnough) call.onConnectFailure(failure);
    }
  }
}
