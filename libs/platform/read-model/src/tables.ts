import type { DeadLetterRow, DeliveryRow, RequestRow, TimelineRow } from './read-model.rows.js';

/** A column of a table that rows are written to. */
export interface TableColumn<Row> {
  readonly name: string;
  readonly type: 'text' | 'bigint' | 'integer' | 'boolean' | 'double precision' | 'timestamptz' | 'json' | 'jsonb';
  readonly property: keyof Row & string;
  /** Not every event tells it: null never replaces what is known. */
  readonly kept?: true;
}

/** A table with the columns that identify a row first. */
export interface Table<Row> {
  readonly name: string;
  readonly key: readonly TableColumn<Row>[];
  readonly columns: readonly TableColumn<Row>[];
}

const channelKey = [
  { name: 'project_id', type: 'text', property: 'project' },
  { name: 'channel', type: 'text', property: 'channel' },
] as const;

const sequence = { name: 'sequence', type: 'bigint', property: 'sequence' } as const;

export const timelineTable: Table<TimelineRow> = {
  name: 'timeline_events',
  key: [...channelKey, sequence],
  columns: [
    { name: 'type', type: 'text', property: 'type' },
    { name: 'at', type: 'timestamptz', property: 'at' },
    { name: 'data', type: 'json', property: 'data' },
  ],
};

export const requestsTable: Table<RequestRow> = {
  name: 'requests',
  key: channelKey,
  columns: [
    sequence,
    { name: 'state', type: 'text', property: 'state' },
    { name: 'workflow', type: 'text', property: 'workflow' },
    { name: 'workflow_version', type: 'integer', property: 'workflowVersion' },
    { name: 'event_name', type: 'text', property: 'eventName' },
    { name: 'environment', type: 'text', property: 'environment' },
    { name: 'test_mode', type: 'boolean', property: 'testMode' },
    { name: 'provider', type: 'text', property: 'provider' },
    { name: 'model', type: 'text', property: 'model' },
    { name: 'prompt_tokens', type: 'bigint', property: 'promptTokens' },
    { name: 'completion_tokens', type: 'bigint', property: 'completionTokens' },
    { name: 'cost_usd', type: 'double precision', property: 'costUsd' },
    { name: 'duration_ms', type: 'bigint', property: 'durationMs' },
    { name: 'offline_fallback', type: 'boolean', property: 'offlineFallback' },
    { name: 'failure_code', type: 'text', property: 'failureCode' },
    { name: 'failure_message', type: 'text', property: 'failureMessage' },
    { name: 'customer_data', type: 'jsonb', property: 'customerData' },
    { name: 'accepted_at', type: 'timestamptz', property: 'acceptedAt' },
    { name: 'generated_at', type: 'timestamptz', property: 'generatedAt', kept: true },
    { name: 'ended_at', type: 'timestamptz', property: 'endedAt' },
  ],
};

export const deliveriesTable: Table<DeliveryRow> = {
  name: 'deliveries',
  key: [...channelKey, { name: 'id', type: 'text', property: 'id' }],
  columns: [
    sequence,
    { name: 'endpoint_id', type: 'text', property: 'endpointId' },
    { name: 'url', type: 'text', property: 'url' },
    { name: 'type', type: 'text', property: 'type' },
    { name: 'status', type: 'text', property: 'status' },
    { name: 'attempts', type: 'integer', property: 'attempts', kept: true },
    { name: 'http_status', type: 'integer', property: 'httpStatus' },
    { name: 'error', type: 'text', property: 'error' },
    { name: 'next_attempt_at', type: 'timestamptz', property: 'nextAttemptAt' },
    { name: 'planned_at', type: 'timestamptz', property: 'plannedAt', kept: true },
    { name: 'ended_at', type: 'timestamptz', property: 'endedAt' },
    { name: 'replay_of', type: 'text', property: 'replayOf', kept: true },
  ],
};

/**
 * A table of their own, because dead letters are few and looked up by id and by time: indexes for that on
 * `deliveries` would make every change of every delivery more expensive.
 */
export const deadLettersTable: Table<DeadLetterRow> = {
  name: 'dead_letters',
  key: [{ name: 'id', type: 'text', property: 'id' }],
  columns: [
    ...channelKey,
    sequence,
    { name: 'endpoint_id', type: 'text', property: 'endpointId' },
    { name: 'url', type: 'text', property: 'url' },
    { name: 'type', type: 'text', property: 'type' },
    { name: 'http_status', type: 'integer', property: 'httpStatus' },
    { name: 'error', type: 'text', property: 'error' },
    { name: 'error_code', type: 'text', property: 'errorCode' },
    { name: 'ended_at', type: 'timestamptz', property: 'endedAt' },
  ],
};
