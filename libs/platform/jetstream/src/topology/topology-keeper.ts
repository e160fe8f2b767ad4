import { setTimeout as delay } from 'node:timers/promises';
import { JetStreamApiError, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '../connection/nats-connection.js';
import { JetStreamSetupError } from '../jetstream-setup.error.js';
import { messageOf, type Logger } from '../logger.js';
import { applyTopology } from './apply-topology.js';
import { describeDifference } from './describe-difference.js';
import { planTopology, type Difference } from './plan-topology.js';
import { readTopology } from './read-topology.js';
import type { WantedTopology } from './wanted-topology.js';

const retryMs = 500;
/** The status of JetStream's answers that say that it cannot answer at the moment. */
const unavailable = 503;

/** JetStream does not answer; right after the start of a server or cluster that passes. */
class JetStreamNotReady extends JetStreamSetupError {}

/**
 * Makes streams and consumers at the start, and again while running when they are found missing: NATS may come back
 * with an empty store.
 */
export class TopologyKeeper {
  private present = false;
  private closed = false;
  private mending: Promise<void> | undefined;

  constructor(
    private readonly connection: NatsConnection,
    private readonly wanted: WantedTopology,
    private readonly timeoutMs: number,
    private readonly logger: Logger,
  ) {
    connection.onReconnect(() => void this.ensure());
    connection.onNoResponders(() => void this.ensure());
  }

  /** Whether everything was there when it was last looked at. */
  get isPresent(): boolean {
    return this.present;
  }

  /**
   * Brings the server to what is wanted; each difference is logged. A JetStream that is still coming up is waited
   * for, `waitMs` at most. Throws `JetStreamSetupError`.
   */
  async applyAll(waitMs: number): Promise<void> {
    const deadline = Date.now() + waitMs;
    for (;;) {
      try {
        return await this.apply(() => true);
      } catch (error) {
        if (!(error instanceof JetStreamNotReady) || Date.now() > deadline) throw error;
      }
      await delay(retryMs);
    }
  }

  /**
   * Makes what is missing, and tries until it is there; calls at the same time share the work. What exists is left
   * as it is: during an upgrade, old and new processes must not undo each other's changes.
   */
  ensure(): Promise<void> {
    this.mending ??= this.mend().finally(() => (this.mending = undefined));
    return this.mending;
  }

  /** Ends attempts that are under way. */
  close(): void {
    this.closed = true;
  }

  private async mend(): Promise<void> {
    this.present = false;
    while (!this.closed) {
      try {
        if (this.connection.isConnected) return await this.apply(({ kind }) => kind.startsWith('create'));
      } catch (error) {
        this.logger.warn({ error: messageOf(error) }, 'Streams could not be checked; trying again');
      }
      await delay(retryMs);
    }
  }

  private async apply(chosen: (difference: Difference) => boolean): Promise<void> {
    try {
      const manager = await jetstreamManager(this.connection.client, { timeout: this.timeoutMs });
      const plan = planTopology(this.wanted, await readTopology(manager, this.wanted)).filter(chosen);
      for (const difference of plan)
        this.logger.info({ difference: describeDifference(difference) }, 'JetStream topology');
      await applyTopology(manager, plan);
      this.present = true;
    } catch (error) {
      if (!isRefusal(error)) throw new JetStreamNotReady(this.unusable(error), { cause: error });
      if (error instanceof JetStreamSetupError) throw error;
      throw new JetStreamSetupError(this.unusable(error), { cause: error });
    }
  }

  private unusable(cause: unknown): string {
    return (
      `JetStream of NATS at ${this.connection.addresses} cannot be used (${messageOf(cause)}): ` +
      'check that it is enabled for this account and that its store can be written.'
    );
  }
}

/**
 * Whether the server said no, which asking again does not mend. Everything else passes: no answer in time from a
 * server that is busy with its start, a lost connection, a cluster without a leader.
 */
function isRefusal(error: unknown): boolean {
  const cause = error instanceof JetStreamSetupError ? error.cause : error;
  return cause instanceof JetStreamApiError && cause.status !== unavailable;
}
