import { requestDecider } from '@headrace/domain';
import {
  stateAfter,
  type ChannelFeed,
  type ChannelSubscription,
  type EventLog,
  type Recorded,
} from '@headrace/event-log';
import type { ApiError } from '@headrace/http';
import { Logger } from '@nestjs/common';
import type { AdmittedRequest } from '../accept/request-acceptor.js';
import type { EndedRequest, RequestCanceller } from '../cancel/request.canceller.js';

/** What a wait reaches the world through. */
export interface WaitPorts {
  readonly log: Pick<EventLog, 'last'>;
  readonly feed: Pick<ChannelFeed, 'subscribe'>;
  readonly canceller: Pick<RequestCanceller, 'cancel'>;
}

const logger = new Logger('sync');
const readAgainMs = 500;
/** What a request can end with. */
const endTypes = ['request.completed', 'request.failed'];

/**
 * One caller that waits for the end of its request. Begun before the request is appended, it misses nothing: the feed
 * tells the end as soon as it is stored. Whoever doubts that it did has it `read`.
 */
export class AnswerWait {
  readonly #outcome = Promise.withResolvers<EndedRequest>();
  readonly #feed: ChannelSubscription;
  #readAgain: NodeJS.Timeout | undefined;
  #closed = false;
  /** Why it was given up. */
  #reason: ApiError | undefined;

  /** `onClose` is called once, when nothing is waited for any more. */
  constructor(
    private readonly request: Pick<AdmittedRequest, 'project' | 'channel' | 'repeatable'>,
    private readonly ports: WaitPorts,
    private readonly onClose: (wait: AnswerWait) => void,
  ) {
    // A caller that has left does not look at its outcome.
    this.#outcome.promise.catch(() => undefined);
    this.#feed = ports.feed.subscribe(request.project, request.channel, (event) => this.#hear(event), endTypes);
  }

  /** The request's end; rejects with the reason of `giveUp`. */
  get ended(): Promise<EndedRequest> {
    return this.#outcome.promise;
  }

  /** Looks whether the request has ended, until it is known. */
  async read(): Promise<void> {
    const { project, channel } = this.request;
    clearTimeout(this.#readAgain);
    try {
      const last = await this.ports.log.last({ project, channel, aggregate: 'request' });
      if (last) this.#hear(last);
    } catch (error) {
      logger.warn({ msg: 'The state of a request could not be read, trying again', channel, err: error });
      if (!this.#closed) this.#readAgain = setTimeout(() => void this.read(), readAgainMs);
    }
  }

  /**
   * Waits no longer. Unless the caller can come back for the answer, the request is cancelled; one that turns out to
   * have ended meanwhile is still answered.
   */
  giveUp(reason: ApiError): void {
    if (this.#closed) return;
    this.close();
    this.#reason = reason;
    if (this.request.repeatable) this.#outcome.reject(reason);
    else void this.#cancel(reason);
  }

  /** Says that the request is in the log from now on, or may be: when it was given up before, there was nothing to cancel. */
  appended(): void {
    if (this.#reason && !this.request.repeatable) void this.#cancel(this.#reason);
  }

  /** Follows the request no longer; without an end so far there is no outcome. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#feed.close();
    clearTimeout(this.#readAgain);
    this.onClose(this);
  }

  #hear(event: Recorded): void {
    if (this.#closed) return;
    const state = stateAfter(requestDecider, event);
    if (state.status !== 'completed' && state.status !== 'failed') return;
    this.close();
    this.#outcome.resolve(state);
  }

  async #cancel(reason: ApiError): Promise<void> {
    const { project, channel } = this.request;
    try {
      const end = await this.ports.canceller.cancel(project, channel);
      if (end && !(end.status === 'failed' && end.code === 'cancelled')) return this.#outcome.resolve(end);
    } catch (error) {
      logger.warn({ msg: 'A request that nobody waits for was not cancelled', channel, err: error });
    }
    this.#outcome.reject(reason);
  }
}
