import { realtimeJoined, realtimePushed, type AggregateAddress, type DataOf } from '@headrace/contracts';
import type { Cause, EventLog, Recorded } from '@headrace/event-log';
import { Logger } from '@nestjs/common';
import type { ChannelIds } from './response-topic.js';

/** Channels whose first join is remembered, so that clients that come and go do not fill the log. */
const remembered = 10_000;

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
  readonly #joined = new Set<string>();

  /** `instance` names this process on timelines. */
  constructor(
    private readonly log: EventLog,
    private readonly instance: string,
  ) {}

  /** A channel was joined: recorded the first time. */
  joined(ids: ChannelIds, data: DataOf<typeof realtimeJoined>, cause: Cause | undefined): void {
    if (this.#joined.has(ids.channel)) return;
    if (this.#joined.size >= remembered) this.#forgetOldest();
    this.#joined.add(ids.channel);
    const options = { messageId: `joined.${ids.channel}`, cause };
    this.log.append(realtimeAddress(ids), { type: realtimeJoined.type, data }, options).catch((error: unknown) => {
      this.#joined.delete(ids.channel);
      this.#logger.debug(`The first join of channel ${ids.channel} was not recorded: ${String(error)}`);
    });
  }

  /** A state went out to the sockets of this process. */
  pushed(state: Recorded, told: Pick<DataOf<typeof realtimePushed>, 'status' | 'sockets' | 'pushedAt'>): void {
    const data: DataOf<typeof realtimePushed> = { ...told, instance: this.instance, transport: 'socket' };
    this.log.note(realtimeAddress(state.address), { type: realtimePushed.type, data }, { cause: state });
  }

  #forgetOldest(): void {
    for (const oldest of this.#joined) {
      this.#joined.delete(oldest);
      return;
    }
  }
}
