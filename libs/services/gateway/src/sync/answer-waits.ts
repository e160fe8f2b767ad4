import {
  CHANNEL_FEED,
  EVENT_LOG,
  type ChannelFeed,
  type ChannelSubscription,
  type EventLog,
} from '@headrace/event-log';
import { serviceUnavailable } from '@headrace/http';
import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { AdmittedRequest } from '../accept/request-acceptor.js';
import { RequestCanceller } from '../cancel/request.canceller.js';
import { AnswerWait, type WaitPorts } from './answer-wait.js';

/** How long callers are kept when the process stops; the answers that take longer are cancelled. */
const graceMs = 5_000;
/** How often it is looked in the log for ends that were not told: what the server tells by itself may get lost. */
const lookEveryMs = 15_000;

/** The callers of this process that wait for an answer. */
@Injectable()
export class AnswerWaits implements BeforeApplicationShutdown {
  readonly #waits = new Set<AnswerWait>();
  readonly #ports: WaitPorts;
  readonly #reconnects: ChannelSubscription;
  /** Those that the last look saw: whoever is still here at the next one has waited for long. */
  #seen: readonly AnswerWait[] = [];
  #looking: NodeJS.Timeout | undefined;
  #closing = false;
  #whenNone: (() => void) | undefined;

  constructor(@Inject(EVENT_LOG) log: EventLog, @Inject(CHANNEL_FEED) feed: ChannelFeed, canceller: RequestCanceller) {
    this.#ports = { log, feed, canceller };
    // What happened while the connection was away was not told.
    this.#reconnects = feed.onReconnect(() => {
      for (const wait of this.#waits) void wait.read();
    });
  }

  /** How many wait. */
  get size(): number {
    return this.#waits.size;
  }

  /** Whether the process stops. */
  get closing(): boolean {
    return this.#closing;
  }

  /** Waits from now on for the end of a request that may not be stored yet. */
  begin(request: AdmittedRequest): AnswerWait {
    const wait = new AnswerWait(request, this.#ports, () => {
      this.#waits.delete(wait);
      if (this.#waits.size === 0) this.#whenNone?.();
    });
    this.#waits.add(wait);
    this.#looking ??= setInterval(() => this.look(), lookEveryMs).unref();
    return wait;
  }

  /** Reads in the log whether what has been waited for since the last look has ended. Called by itself. */
  look(): void {
    for (const wait of this.#seen) if (this.#waits.has(wait)) void wait.read();
    this.#seen = [...this.#waits];
    if (this.#waits.size > 0) return;
    clearInterval(this.#looking);
    this.#looking = undefined;
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#closing = true;
    this.#reconnects.close();
    if (this.#waits.size > 0) await this.#letGo();
  }

  /** The answers of the next moments still go out; who waits longer is told to come again. */
  #letGo(): Promise<void> {
    return new Promise((resolve) => {
      const giveUp = (): void => {
        const reason = serviceUnavailable('The server is being stopped, so the request was given up. Send it again.');
        for (const wait of this.#waits) wait.giveUp(reason);
      };
      const timer = setTimeout(giveUp, graceMs);
      this.#whenNone = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
