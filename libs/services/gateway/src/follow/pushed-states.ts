import { realtimePushed, type DataOf } from '@headrace/contracts';
import type { TimelineEvent } from '@headrace/domain';
import { EVENT_LOG, NotedPushes, type Cause, type EventLog } from '@headrace/event-log';
import { instanceName } from '@headrace/http';
import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { payloadOf } from './channel-event-stream.js';
import type { RequestIds } from './followed-request.js';

/** What several clients are told within so many milliseconds is noted together. */
const mergeMs = 100;

interface Push {
  readonly ids: RequestIds;
  readonly cause: Cause;
  readonly data: Omit<DataOf<typeof realtimePushed>, 'sockets'>;
  sockets: number;
}

/**
 * Notes on timelines which states went out to clients that follow over HTTP, and to how many: as the hub does for
 * sockets. To those who come late it is noted once. Nobody waits for it.
 */
@Injectable()
export class PushedStates implements BeforeApplicationShutdown {
  private readonly instance = instanceName('gateway');
  private readonly pushes = new Map<string, Push>();
  private readonly noted = new NotedPushes();
  private timer: NodeJS.Timeout | undefined;

  constructor(@Inject(EVENT_LOG) private readonly log: EventLog) {}

  /** One client was told what happened, if that is a state to be told. */
  told(ids: RequestIds, event: TimelineEvent & Partial<Cause>, transport: 'events' | 'wait'): void {
    const { id, traceParent } = event;
    // What only the read model still knows is too old to be noted.
    if (id === undefined || traceParent === undefined) return;
    const key = `${id} ${transport}`;
    const push = this.pushes.get(key);
    if (push) {
      push.sockets += 1;
      return;
    }
    const status = payloadOf(ids, event)?.status;
    const now = new Date();
    if (status === undefined || !this.noted.add(key, now.getTime() - Date.parse(event.time))) return;
    const data = { status, pushedAt: now.toISOString(), instance: this.instance, transport };
    this.pushes.set(key, { ids, cause: { id, traceParent }, data, sockets: 1 });
    this.timer ??= setTimeout(() => this.note(), mergeMs).unref();
  }

  /** What was told last is noted while the log still is there. */
  beforeApplicationShutdown(): void {
    this.note();
  }

  private note(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    for (const { ids, cause, data, sockets } of this.pushes.values()) {
      this.log.note(
        { ...ids, aggregate: 'realtime' },
        { type: realtimePushed.type, data: { ...data, sockets } },
        { cause },
      );
    }
    this.pushes.clear();
  }
}
