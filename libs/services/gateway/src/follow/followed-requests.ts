import {
  ACCESS_CHECKS,
  AccessWatch,
  CHANNEL_FEED,
  CONFIGURATION_NOTICES,
  EVENT_LOG,
  readAfterReconnect,
  type AccessChecks,
  type ChannelFeed,
  type ChannelSubscription,
  type ChannelViewers,
  type ConfigurationNotices,
  type EventLog,
} from '@headrace/event-log';
import { RealtimeSettings, serviceUnavailable } from '@headrace/http';
import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { FollowedRequest, type FollowPorts, type RequestListener } from './followed-request.js';
import { FollowSettings } from './follow.settings.js';
import { FollowerLimits } from './follower-limits.js';
import type { Follower } from './follower.js';
import { stopError } from './stop-reason.js';

/** The requests that clients of this process follow over HTTP. */
@Injectable()
export class FollowedRequests implements BeforeApplicationShutdown {
  readonly #followed = new Set<FollowedRequest>();
  readonly #ports: FollowPorts;
  readonly #reconnects: ChannelSubscription;
  readonly #access: AccessWatch<FollowedRequest>;
  #isClosing = false;

  constructor(
    @Inject(EVENT_LOG) log: EventLog,
    @Inject(CHANNEL_FEED) feed: ChannelFeed,
    private readonly settings: FollowSettings,
    private readonly limits: FollowerLimits,
    @Inject(ACCESS_CHECKS) checks: AccessChecks,
    @Inject(CONFIGURATION_NOTICES) notices: ConfigurationNotices,
    { accessCheckMs: everyMs }: RealtimeSettings,
  ) {
    this.#ports = { log, feed };
    this.#access = new AccessWatch({ checks, notices, everyMs, onEnd: (followed) => followed.stop('refused') });
    // What happened while the connection was away was not told.
    this.#reconnects = feed.onReconnect(() => void this.#catchUpAll());
  }

  /** How many are followed. */
  get size(): number {
    return this.#followed.size;
  }

  /** Who looks on over HTTP: one entry for each client. */
  *viewers(): Generator<ChannelViewers> {
    for (const { ids } of this.#followed) yield { ...ids, viewers: 1 };
  }

  /** Whether the process stops. */
  get isClosing(): boolean {
    return this.#isClosing;
  }

  /**
   * Follows a request from now on. Errors: `service_unavailable` when too many are followed, or the process stops;
   * `rate_limit_exceeded` when too many are of the same address, channel or project.
   */
  follow(follower: Follower, listener: RequestListener): FollowedRequest {
    if (this.#isClosing) throw stopError('stopping');
    if (this.#followed.size >= this.settings.maxFollowedRequests) {
      throw serviceUnavailable('Too many clients follow requests at the moment. Ask again shortly.');
    }
    const { ids, keyId } = follower;
    const leave = this.limits.enter(follower);
    const followed = new FollowedRequest(ids, listener, this.#ports, () => {
      this.#followed.delete(followed);
      if (keyId !== null) this.#access.remove({ project: ids.project, keyId }, followed);
      leave();
    });
    this.#followed.add(followed);
    if (keyId !== null) this.#access.add({ project: ids.project, keyId }, followed);
    return followed;
  }

  /** All are held at once, so that none is told too late what it missed, and read one after the other. */
  async #catchUpAll(): Promise<void> {
    const held = [...this.#followed].filter((followed) => followed.hold());
    await readAfterReconnect(held, (followed) => followed.catchUp());
  }

  /** Nobody is kept waiting by a process that stops: another one tells the rest. */
  beforeApplicationShutdown(): void {
    this.#isClosing = true;
    this.#reconnects.close();
    this.#access.close();
    for (const followed of this.#followed) followed.stop('stopping');
  }
}
