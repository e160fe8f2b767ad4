import type { EnvironmentTag, RequestEvent } from '@headrace/contracts';
import { neverReached } from '../decider.js';
import type { RequestSummary } from '../timeline/request-row.js';

type Failed = Extract<RequestEvent, { type: 'request.failed' }>;

/** What the read model still tells of a request that the event log lost. */
export interface LostRequest {
  readonly row: Pick<
    RequestSummary,
    'workflow' | 'eventName' | 'customerData' | 'testMode' | 'acceptedAt' | 'generatedAt'
  > & { readonly environment: string };
  /** The last decision that was kept in full; undefined when none was. */
  readonly last: RequestEvent | undefined;
}

const message =
  'The event log lost this request before it ended, and what is known of it is not enough to go on. Send it again.';

/** A window is asked for by the schema, and means nothing once a request has ended. */
const noWindowMs = 1;

/**
 * What is written into an empty aggregate for a request that the log lost: its last decision, from which it goes on
 * as if nothing had happened, or, when that is not known or older than `goOnAfter`, its visible end.
 */
export function restoredRequest({ row, last }: LostRequest, goOnAfter: string, at: string): RequestEvent {
  if (last === undefined) return lostWithoutTrace(row, at);
  switch (last.type) {
    case 'request.accepted':
    case 'request.generated':
    case 'request.continued':
      return timeOf(last) >= goOnAfter ? last : lostLongAgo(last, at);
    case 'request.completed':
    case 'request.failed':
      return last;
    default:
      return neverReached(last);
  }
}

type Open = Extract<RequestEvent, { type: 'request.accepted' | 'request.generated' | 'request.continued' }>;

/** When a request got where it is, which may be weeks after its acceptance where callbacks take days. */
function timeOf(last: Open): string {
  switch (last.type) {
    case 'request.accepted':
      return last.data.context.acceptedAt;
    case 'request.generated':
      return last.data.generatedAt;
    case 'request.continued':
      return last.data.continuedAt;
    default:
      return neverReached(last);
  }
}

function lostLongAgo(last: Open, at: string): Failed {
  const answer = last.type === 'request.generated' ? last.data : { generation: null, output: null };
  const { generation, output } = answer;
  return failed({ context: last.data.context, generation, output }, at);
}

function lostWithoutTrace(row: LostRequest['row'], at: string): Failed {
  const { workflow, eventName, customerData, testMode, acceptedAt } = row;
  const context = {
    ...{ workflow, eventName, customerData, testMode, acceptedAt },
    environment: environmentOf(row.environment),
    callbackWindowMs: noWindowMs,
    webhookUrl: null,
  };
  return failed({ context, generation: null, output: null }, at);
}

function failed(known: Pick<Failed['data'], 'context' | 'generation' | 'output'>, at: string): Failed {
  return {
    type: 'request.failed',
    data: { ...known, code: 'log_lost', message, details: {}, callback: null, failedAt: at },
  };
}

function environmentOf(text: string): EnvironmentTag {
  return text === 'test' || text === 'pg' || text === 'pg_test_mode' ? text : 'live';
}
