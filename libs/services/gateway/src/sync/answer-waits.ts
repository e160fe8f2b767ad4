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

/** The callers of this process that wait for an answer. */
@Injectable()
export class AnswerWaits implements BeforeApplicationShutdown {
  readonly #waits = new Set<AnswerWait>();
  readonly #ports: WaitPorts;
  readonly #reconnects: ChannelSubscription;
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
    return wait;
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
