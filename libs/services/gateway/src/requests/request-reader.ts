import { requestAccepted } from '@headrace/contracts';
import type { TimelineEvent } from '@headrace/domain';
import { EVENT_LOG, type EventLog, type Recorded } from '@headrace/event-log';
import { missingChannel, serviceUnavailable } from '@headrace/http';
import { isDatabaseUnavailable } from '@headrace/postgres';
import { ReadModel, type RequestFilter, type RequestPage, type RequestPosition } from '@headrace/read-model';
import { Inject, Injectable } from '@nestjs/common';
import { requestViewOf, type RequestView } from './request-view.js';

/** Reads requests: from the log, which is never behind, and from the read model what the log no longer has. */
@Injectable()
export class RequestReader {
  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    private readonly readModel: ReadModel,
  ) {}

  /**
   * One request. `heard`: an event of it that is stored but may not be readable yet (a replica of the log answers).
   * Errors: `not_found`, `permission_error` for another project's, `service_unavailable`.
   */
  async one(project: string, channel: string, heard?: Recorded): Promise<RequestView> {
    const read = await this.eventsOf(project, channel);
    const isRead = !heard || read.some(({ sequence }) => sequence === heard.sequence);
    const events = isRead ? read : [...read, heard];
    return requestViewOf(project, channel, events) ?? missingChannel(this.log, project, channel);
  }

  /** A page of requests, newest first; some milliseconds behind the log. Errors: `service_unavailable`. */
  page(
    project: string,
    filter: RequestFilter,
    page: { readonly limit: number; readonly after?: RequestPosition },
  ): Promise<RequestPage> {
    return fromDatabase(() => this.readModel.listRequests(project, filter, page));
  }

  /** A log that has the first event of a channel has all of them: it forgets the oldest first. */
  async eventsOf(project: string, channel: string): Promise<readonly TimelineEvent[]> {
    const events = await this.log.readChannel(project, channel);
    if (events[0]?.type === requestAccepted.type) return events;
    const kept = await fromDatabase(() => this.readModel.timeline(project, channel));
    return kept.length > events.length ? kept : events;
  }
}

async function fromDatabase<Result>(read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    if (!isDatabaseUnavailable(error)) throw error;
    throw serviceUnavailable('Past requests cannot be read now. Try again shortly.', error);
  }
}
