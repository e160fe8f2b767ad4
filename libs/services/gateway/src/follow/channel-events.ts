import { isFinal } from '@headrace/contracts';
import type { TimelineEvent } from '@headrace/domain';
import { ANSWER_PIECES, EVENT_LOG, type AnswerPieces, type EventLog } from '@headrace/event-log';
import { missingChannel } from '@headrace/http';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { RequestReader } from '../requests/request-reader.js';
import { EventStream } from '../sync/stream/event-stream.js';
import { SyncSettings } from '../sync/sync.settings.js';
import { ChannelEventStream, payloadOf } from './channel-event-stream.js';
import { FollowerAccess } from './follower-access.js';
import type { EventPosition } from './event-position.js';
import type { FollowedRequest, RequestIds } from './followed-request.js';
import type { Follower } from './follower.js';
import { FollowedRequests } from './followed-requests.js';
import { PushedStates } from './pushed-states.js';
import { stopError, type StopReason } from './stop-reason.js';

/** A client that may follow a channel. */
export interface EventsCall {
  readonly follower: Follower;
  /** How far it was told before. */
  readonly position: EventPosition;
  readonly reply: FastifyReply;
  /** Headers of the answer. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Tells requests as server-sent events. */
@Injectable()
export class ChannelEvents {
  constructor(
    private readonly requests: FollowedRequests,
    private readonly reader: RequestReader,
    private readonly access: FollowerAccess,
    private readonly pushed: PushedStates,
    private readonly settings: SyncSettings,
    @Inject(ANSWER_PIECES) private readonly pieces: AnswerPieces,
    @Inject(EVENT_LOG) private readonly log: EventLog,
  ) {}

  /**
   * Begins to tell; the rest comes by itself. 204 for a client that knows the end, so that it comes no more.
   * Errors: `not_found`, `permission_error` for another project's, and those of following.
   */
  async tell(call: EventsCall): Promise<void> {
    const { follower, position, reply } = call;
    const { ids } = follower;
    // Who has left already is told of by no `close` any more.
    if (reply.raw.destroyed) return;
    let stopped: StopReason | undefined;
    const stream = new EventStream(reply, {
      onDrain: () => events.drained(),
      isClosing: () => this.requests.isClosing,
    });
    const events = new ChannelEventStream(ids, stream, this.pieces);
    const followed = this.requests.follow(follower, {
      after: position.place,
      onEvent: (event) => {
        events.tell(event);
        this.pushed.told(ids, event, 'events');
      },
      onStop: (why) => {
        if (stream.isBegun) events.stop();
        else stopped = why;
      },
    });
    reply.raw.once('close', () => {
      events.close();
      followed.close();
    });
    try {
      await this.begin(call, { stream, events, followed, stopped: () => stopped });
    } catch (error) {
      followed.close();
      throw error;
    }
  }

  private async begin(call: EventsCall, told: Telling): Promise<void> {
    const { position, reply, headers } = call;
    const { ids } = call.follower;
    const { stream, events, followed } = told;
    const { last, news } = await followed.read();
    const latest = last ?? (await this.forgotten(ids));
    const payload = payloadOf(ids, latest);
    const why = told.stopped();
    if (why) throw stopError(why);
    const isNews = latest.sequence !== position.place || news.length > 0;
    if (payload && isFinal(payload) && !isNews) {
      followed.close();
      void reply.status(204).headers(headers).send();
      return;
    }
    if (reply.raw.destroyed) return;
    stream.begin(headers);
    stream.keepAlive(this.settings.streamHeartbeatMs, this.settings.streamStallMs, headers);
    events.begin();
    if (!isNews && !payload) events.resume({ ...position, place: latest.sequence });
    if (!last && isNews) events.tell(latest);
    followed.tell(news);
    if (position.place === 0) this.access.joined(ids, last, new Date());
  }

  /** Throws what `tell` would, if there is no such request or it is another project's. */
  async find(ids: RequestIds): Promise<void> {
    if (!(await this.log.last({ ...ids, aggregate: 'request' }))) await this.forgotten(ids);
  }

  /** What is kept of a request that the log has forgotten. */
  private async forgotten({ project, channel }: RequestIds): Promise<TimelineEvent> {
    const events = await this.reader.eventsOf(project, channel);
    const latest = events.findLast(({ type }) => type.startsWith('request.'));
    return latest ?? missingChannel(this.log, project, channel);
  }
}

interface Telling {
  readonly stream: EventStream;
  readonly events: ChannelEventStream;
  readonly followed: FollowedRequest;
  /** Why nothing may be told any more. */
  readonly stopped: () => StopReason | undefined;
}
