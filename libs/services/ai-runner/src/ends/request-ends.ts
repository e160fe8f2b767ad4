import { REQUEST_FAILURES, type ChannelSubscription, type RequestFailures } from '@headrace/event-log';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { RequestWatch } from './request-watch.js';

/** Failures that are remembered, for requests that reach this process after their end. */
const remembered = 10_000;
/** Clocks of processes may differ by so much, and a subscription takes a moment to be in force. */
const doubtMs = 5_000;

/** Stops work on requests that were cancelled or failed elsewhere. One subscription of the process serves them all. */
@Injectable()
export class RequestEnds implements OnModuleInit, OnModuleDestroy {
  private readonly watches = new Map<string, Set<RequestWatch>>();
  /** Requests that failed, by when that was heard; the oldest first. */
  private readonly failed = new Map<string, number>();
  /** Every failure since then was heard, and is remembered. Milliseconds since 1970. */
  private completeSince = Number.POSITIVE_INFINITY;
  private readonly subscriptions: ChannelSubscription[] = [];

  constructor(@Inject(REQUEST_FAILURES) private readonly failures: RequestFailures) {}

  onModuleInit(): void {
    this.subscriptions.push(
      this.failures.follow((project, channel) => this.note(nameOf(project, channel))),
      this.failures.onReconnect(() => this.beginAnew()),
    );
    this.beginAnew();
  }

  onModuleDestroy(): void {
    for (const subscription of this.subscriptions.splice(0)) subscription.close();
  }

  /** Watches a request for as long as it is worked on. `stop` is aborted when the process stops. */
  watch(project: string, channel: string, stop: AbortSignal): RequestWatch {
    const name = nameOf(project, channel);
    const others = this.watches.get(name) ?? new Set();
    const watch = new RequestWatch(stop, () => {
      others.delete(watch);
      if (others.size === 0 && this.watches.get(name) === others) this.watches.delete(name);
    });
    this.watches.set(name, others.add(watch));
    return watch;
  }

  /**
   * Whether a request may have failed since it was asked at `time`, ISO 8601, so that the log must say. For nearly
   * every request the answer is no and costs nothing.
   */
  mayHaveEnded(project: string, channel: string, time: string): boolean {
    return this.failed.has(nameOf(project, channel)) || Date.parse(time) <= this.completeSince;
  }

  private note(name: string): void {
    for (const watch of this.watches.get(name) ?? []) watch.end();
    this.failed.set(name, Date.now());
    if (this.failed.size <= remembered) return;
    const [oldest] = this.failed;
    if (!oldest) return;
    this.failed.delete(oldest[0]);
    this.completeSince = Math.max(this.completeSince, oldest[1] + doubtMs);
  }

  /** What happened while the connection was lost was not heard. */
  private beginAnew(): void {
    this.completeSince = Date.now() + doubtMs;
  }
}

const nameOf = (project: string, channel: string): string => `${project} ${channel}`;
