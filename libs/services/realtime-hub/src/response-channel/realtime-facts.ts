import { realtimeJoined, realtimePushed, type AggregateAddress, type DataOf } from '@headrace/contracts';
import {
  NotedPushes,
  RecentIds,
  type AppendOptions,
  type Cause,
  type EventLog,
  type Recorded,
} from '@headrace/event-log';
import { Logger } from '@nestjs/common';
import { Paced } from './paced.js';
import type { ChannelIds } from './response-topic.js';

/** Channels whose first join is remembered: clients that come and go do not fill the log. */
const remembered = 10_000;
/** Joins that are recorded together, and after what pause the next: 3,200 a second. */
const joinsAtOnce = 64;
const joinPauseMs = 20;

/** Facts of a channel's sockets live here. */
export const realtimeAddress = ({ project, channel }: ChannelIds): AggregateAddress => ({
  project,
  channel,
  aggregate: 'realtime',
});

/**
 * Tells the log what happened on sockets. Nobody waits for it: a fact that is lost costs a line of a timeline,
 * or a client with an old token one reconnect call.
 */
export class RealtimeFacts {
  readonly #logger = new Logger(RealtimeFacts.name);
  readonly #joined = new RecentIds(remembered);
  readonly #pushes = new NotedPushes();
  readonly #joins = new Paced(joinsAtOnce, joinPauseMs);

  /** `instance` names this process on timelines. */
  constructor(
    private readonly log: EventLog,
    private readonly instance: string,
  ) {}

  /** A channel was joined: recorded the first time, and soon, so that who joins beside many others is not kept waiting. */
  joined(ids: ChannelIds, data: DataOf<typeof realtimeJoined>, cause: Cause | undefined): void {
    if (!this.#joined.add(ids.channel)) return;
    // The causing event has the whole request in it, which need not wait.
    const options = { messageId: `joined.${ids.channel}`, cause: cause && idsOf(cause) };
    this.#joins.soon(() => this.#recordJoin(ids, data, options));
  }

  /** Records at once what is still to be recorded. */
  close(): void {
    this.#joins.finish();
  }

  #recordJoin(ids: ChannelIds, data: DataOf<typeof realtimeJoined>, options: AppendOptions): void {
    this.log.append(realtimeAddress(ids), { type: realtimeJoined.type, data }, options).catch((error: unknown) => {
      this.#joined.forget(ids.channel);
      this.#logger.debug(`The first join of channel ${ids.channel} was not recorded: ${String(error)}`);
    });
  }

  /** A state went out to the sockets of this process. To those who come late it is recorded the first time only. */
  pushed(state: Recorded, told: Pick<DataOf<typeof realtimePushed>, 'status' | 'sockets' | 'pushedAt'>): void {
    if (!this.#pushes.add(state.id, Date.parse(told.pushedAt) - Date.parse(state.time))) return;
    const data: DataOf<typeof realtimePushed> = { ...told, instance: this.instance, transport: 'socket' };
    this.log.note(realtimeAddress(state.address), { type: realtimePushed.type, data }, { cause: state });
  }
}

const idsOf = ({ id, traceParent }: Cause): Cause => ({ id, traceParent });
