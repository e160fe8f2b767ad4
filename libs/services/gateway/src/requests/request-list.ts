import type { JsonObject } from '@headrace/contracts';
import { invalidFields } from '@headrace/http';
import type { RequestFilter, RequestPage, RequestPosition, RequestRow } from '@headrace/read-model';
import type { ListRequestsDto } from './list-requests.dto.js';

/** One request in a list. */
export interface RequestListItem {
  readonly channel_id: string;
  readonly state: string;
  readonly workflow: string;
  /** Null for a request without a saved workflow, and for one from before versions were noted. */
  readonly workflow_version: number | null;
  readonly event_name: string | null;
  readonly environment: string;
  readonly test_mode: boolean;
  readonly provider: string | null;
  readonly model: string | null;
  readonly tokens: { readonly prompt: number | null; readonly completion: number | null };
  readonly cost_usd: number | null;
  readonly duration_ms: number | null;
  readonly error: { readonly code: string; readonly message: string | null } | null;
  readonly customer_data: JsonObject;
  readonly created_at: string;
  readonly ended_at: string | null;
}

/** A part of a project's requests, newest first. */
export interface RequestList {
  readonly data: readonly RequestListItem[];
  /** For `cursor` of the next page; null on the last. */
  readonly next_cursor: string | null;
}

/** Words of the read model, by those of the wire. Both good ends are kept under one. */
const statesByWord: Readonly<Record<string, string>> = {
  pending: 'accepted',
  ai_generated: 'generated',
  completed: 'completed',
  success: 'completed',
  error: 'failed',
};

/** A bad end that somebody wanted: kept as a failure, told as its own state. */
const cancelled = 'cancelled';

/** Which requests a query asks for. */
export function filterOf({ state, workflow, event_name: eventName, environment }: ListRequestsDto): RequestFilter {
  const stored = state === undefined ? undefined : statesByWord[state];
  return {
    ...(stored === undefined ? {} : { states: [stored] }),
    ...(state === 'error' ? { exceptFailureCode: cancelled } : {}),
    ...(state === cancelled ? { states: ['failed'], failureCode: cancelled } : {}),
    ...(workflow === undefined ? {} : { workflow }),
    ...(eventName === undefined ? {} : { eventName }),
    ...(environment === undefined ? {} : { environments: [environment] }),
  };
}

/** A page as the wire has it. */
export function requestListOf({ items, next }: RequestPage): RequestList {
  return { data: items.map(itemOf), next_cursor: next && cursorOf(next) };
}

/** Where a cursor points. Throws `invalid_request_error` for text that is none of ours. */
export function positionOf(cursor: string): RequestPosition {
  const [time = '', channel = ''] = Buffer.from(cursor, 'base64url').toString('utf8').split(' ');
  const acceptedAt = new Date(time);
  if (channel === '' || Number.isNaN(acceptedAt.getTime())) {
    throw invalidFields([{ param: 'cursor', message: 'cursor must be the next_cursor of the page before.' }]);
  }
  return { acceptedAt, channel };
}

const cursorOf = ({ acceptedAt, channel }: RequestPosition): string =>
  Buffer.from(`${acceptedAt.toISOString()} ${channel}`).toString('base64url');

function itemOf(row: RequestRow): RequestListItem {
  return {
    channel_id: row.channel,
    state: wordOf(row),
    workflow: row.workflow,
    workflow_version: row.workflowVersion,
    event_name: row.eventName,
    environment: row.environment,
    test_mode: row.testMode,
    provider: row.provider,
    model: row.model,
    tokens: { prompt: row.promptTokens, completion: row.completionTokens },
    cost_usd: row.costUsd,
    duration_ms: row.durationMs,
    error: row.failureCode === null ? null : { code: row.failureCode, message: row.failureMessage },
    customer_data: row.customerData,
    created_at: row.acceptedAt,
    ended_at: row.endedAt,
  };
}

/** A standard request ends with `success`, an event-driven one with `completed` (CONTRACT section 2). */
function wordOf({ state, eventName, failureCode }: RequestRow): string {
  if (failureCode === cancelled) return cancelled;
  if (state === 'completed' && eventName === null) return 'success';
  return Object.keys(statesByWord).find((word) => statesByWord[word] === state) ?? state;
}
