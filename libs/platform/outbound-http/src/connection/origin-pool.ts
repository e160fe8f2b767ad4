import { Pool } from 'undici';
import type { AddressPolicy } from '../address/address-policy.js';
import type { ConnectAttempt, HttpVersion } from './connect-attempt.js';
import { guardedConnector, type ConnectObserver } from './guarded-connector.js';

/** The connections to one origin, and what is known of how they were opened. */
export class OriginPool implements ConnectObserver {
  readonly pool: Pool;
  /** The one begun last, ready or not. */
  private begun: ConnectAttempt | undefined;
  /** The one that became ready last. */
  private ready: ConnectAttempt | undefined;
  /** The one that is given to the calls waiting for it at this very moment. */
  private handedOver: ConnectAttempt | undefined;

  constructor(origin: string, policy: AddressPolicy, connectMs: number, connections: number) {
    const connect = guardedConnector(policy, { timeoutMs: connectMs }, this);
    this.pool = new Pool(origin, { connections, connect, allowH2: false });
  }

  /** What the connections spoken last spoke. */
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
}
