import { requestDecider, type RequestState } from '@headrace/domain';
import { EVENT_LOG, handleCommand, type EventLog } from '@headrace/event-log';
import { Inject, Injectable } from '@nestjs/common';

/** The end of a request, whoever brought it about. */
export type EndedRequest = Extract<RequestState, { status: 'completed' | 'failed' }>;

/** Ends requests that nobody wants the answer of any more. */
@Injectable()
export class RequestCanceller {
  constructor(@Inject(EVENT_LOG) private readonly log: EventLog) {}

  /**
   * Ends a request that has not ended; resolves to its end, which is the one that it had before if it had one, and
   * undefined when the project has no such request. Whoever generates its answer sees the end in the log and stops.
   * Errors: those of the event log.
   */
  async cancel(project: string, channel: string, traceParent?: string): Promise<EndedRequest | undefined> {
    const { state } = await handleCommand(
      this.log,
      requestDecider,
      { project, channel, aggregate: 'request' },
      { type: 'cancel', at: new Date().toISOString() },
      { traceParent },
    );
    switch (state.status) {
      case 'none':
        return undefined;
      case 'completed':
      case 'failed':
        return state;
      case 'accepted':
      case 'continued':
      case 'generated':
        throw new Error('A request that had not ended was not cancelled');
    }
  }
}
