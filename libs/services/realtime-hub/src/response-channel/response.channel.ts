import { isStillGood } from '@headrace/domain';
import type { EventLog } from '@headrace/event-log';
import type { ChannelHandler, EventOutcome, JoinOutcome } from '../phoenix/channel-handler.port.js';
import type { Subscription } from '../phoenix/subscription.js';
import type { ChannelWatches } from './channel-watches.js';
import { realtimeAddress } from './realtime-facts.js';
import { refusalOf, type JoinRefusal } from './response-topic.js';
import { isExpired, type TokenSession } from './token-session.js';

const refused = (reason: JoinRefusal): JoinOutcome => ({ status: 'error', response: { reason } });

/** The topics on which clients wait for the states of one request (CONTRACT section 3). */
export class ResponseChannel implements ChannelHandler<TokenSession> {
  /** `graceMs`: how long a used token stays good after its request ended. */
  constructor(
    private readonly watches: ChannelWatches,
    private readonly log: EventLog,
    private readonly graceMs: number,
  ) {}

  join(subscription: Subscription<TokenSession>): JoinOutcome | Promise<JoinOutcome> {
    const { session, topic } = subscription;
    const refusal = refusalOf(topic, session);
    if (refusal) return refused(refusal);
    if (session.grants !== 'channel') return refused('unauthorized_project_access');
    return isExpired(session, new Date()) ? this.#joinExpired(session) : this.#follow(session);
  }

  joined(subscription: Subscription<TokenSession>): void {
    this.watches.add(subscription);
  }

  handle(_subscription: Subscription<TokenSession>, event: string): EventOutcome {
    if (event === 'heartbeat') return { reply: { status: 'ok', response: {} } };
    // A crash as in Phoenix would make the client join again; nothing of this channel is worth that.
    return { reply: { status: 'error', response: { reason: 'unknown event' } } };
  }

  leave(subscription: Subscription<TokenSession>): void {
    this.watches.remove(subscription);
  }

  /** Followed before the reply, so that a log that is away refuses the join instead of accepting it in vain. */
  #follow(session: TokenSession): JoinOutcome {
    this.watches.follow(session);
    return { status: 'ok' };
  }

  async #joinExpired(session: TokenSession): Promise<JoinOutcome> {
    const { project, channel, expiresAt } = session;
    const [request, realtime] = await Promise.all([
      this.log.last({ project, channel, aggregate: 'request' }),
      this.log.read(realtimeAddress(session)),
    ]);
    const good = isStillGood(expiresAt, { request, realtime }, new Date(), this.graceMs);
    return good ? this.#follow(session) : refused('unauthorized_project_access');
  }
}
