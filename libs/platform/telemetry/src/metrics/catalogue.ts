import { Counter, Gauge, Histogram } from './instruments.js';
import type { AnyInstrument } from './render-metrics.js';

/** A flow through the whole system takes milliseconds when nothing waits; a webhook receiver may take half a minute. */
const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
/** Bounds that the GenAI conventions of OpenTelemetry prescribe. */
const genAiSeconds = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
const genAiTokens = [
  1, 4, 16, 64, 256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864,
];
const genAiLabels = ['gen_ai_operation_name', 'gen_ai_provider_name', 'gen_ai_request_model'] as const;
/** What may wait for people, retries or deadlines. */
const longSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 1_800, 7_200, 28_800];

/**
 * Every metric there is, and its instrument: declared nowhere else. No label names a project, a request or an
 * endpoint, whose number nobody bounds; the one exception is switched on by the operator, with a limit.
 * The reference page is made from this.
 */
export const metrics = {
  httpRequestDuration: new Histogram(
    {
      name: 'headrace_http_request_duration_seconds',
      help: 'HTTP requests by route, until the answer was sent. Routes are templates; what matches none is "unmatched".',
      labels: ['method', 'route', 'status'],
      maxSeries: 1_000,
    },
    seconds,
  ),
  requestsAccepted: new Counter({
    name: 'headrace_requests_accepted_total',
    help: 'Requests that are on disk, by kind (standard, event_driven) and environment tag.',
    labels: ['kind', 'environment'],
  }),
  requestsRefused: new Counter({
    name: 'headrace_requests_refused_total',
    help: 'Requests that were refused by a limit, by reason (rate_limit_key, _user, _ip, _project, or budget).',
    labels: ['reason'],
  }),
  budgetsReached: new Counter({
    name: 'headrace_budgets_reached_total',
    help: 'Budgets that reached a threshold in their period, by threshold (alert, limit).',
    labels: ['threshold'],
  }),
  requestDuration: new Histogram(
    {
      name: 'headrace_request_duration_seconds',
      help: 'Requests that ended, from accepted to the end, by kind and outcome (success, completed, or the code of the failure).',
      labels: ['kind', 'outcome'],
    },
    longSeconds,
  ),
  eventsAppended: new Counter({
    name: 'headrace_events_appended_total',
    help: 'Events that the log confirmed to this process, by type.',
    labels: ['type'],
  }),
  generationDuration: new Histogram(
    {
      name: 'headrace_generation_attempt_duration_seconds',
      help: 'Calls of AI providers, by provider and outcome (success, the class of the HTTP status, or no_answer).',
      labels: ['provider', 'outcome'],
      maxSeries: 200,
    },
    seconds,
  ),
  genAiOperationDuration: new Histogram(
    {
      name: 'gen_ai_client_operation_duration_seconds',
      help: 'Calls of AI providers as OpenTelemetry names them (gen_ai.client.operation.duration); error_type is empty when there was none.',
      labels: [...genAiLabels, 'error_type'],
    },
    genAiSeconds,
  ),
  genAiTimeToFirstChunk: new Histogram(
    {
      name: 'gen_ai_client_operation_time_to_first_chunk_seconds',
      help: 'From a streamed call to the first piece of its answer (gen_ai.client.operation.time_to_first_chunk).',
      labels: genAiLabels,
    },
    genAiSeconds,
  ),
  genAiTokenUsage: new Histogram(
    {
      name: 'gen_ai_client_token_usage',
      help: 'Tokens that a call took, as the provider counts them (gen_ai.client.token.usage); type is input or output.',
      labels: [...genAiLabels, 'gen_ai_token_type'],
    },
    genAiTokens,
  ),
  generationCost: new Counter({
    name: 'headrace_generation_cost_usd_total',
    help: 'What recorded generations cost, in US dollars, by the provider that answered. Without a price: nothing.',
    labels: ['provider'],
    maxSeries: 200,
  }),
  answerCacheLooks: new Counter({
    name: 'headrace_answer_cache_looks_total',
    help: 'Questions of workflows whose answers may be given again, by outcome (hit, miss).',
    labels: ['outcome'],
  }),
  generationsInFlight: new Gauge({
    name: 'headrace_generations_in_flight',
    help: 'Generations that run in this process.',
  }),
  generationsWaiting: new Gauge({
    name: 'headrace_generations_waiting',
    help: 'Requests that wait for a place among the generations, by where: memory (of this process) or line (in NATS, as this process last saw it; every process tells the same).',
    labels: ['where'],
  }),
  generationsParked: new Counter({
    name: 'headrace_generations_parked_total',
    help: 'Requests that found neither a place nor a seat in memory, and went to a line in NATS.',
  }),
  providersTriedLast: new Gauge({
    name: 'headrace_providers_tried_last',
    help: 'Providers (or models of them) of single projects that this process tries last for now, because they keep failing.',
  }),
  deliveriesPlanned: new Counter({
    name: 'headrace_deliveries_planned_total',
    help: 'Webhook deliveries planned, by webhook type and reason (request, replay).',
    labels: ['type', 'reason'],
  }),
  deliveriesEnded: new Counter({
    name: 'headrace_deliveries_ended_total',
    help: 'Webhook deliveries that ended, by webhook type and outcome (success, error: a dead letter).',
    labels: ['type', 'outcome'],
  }),
  deliveryLatency: new Histogram(
    {
      name: 'headrace_delivery_latency_seconds',
      help: 'From planned to taken by the endpoint, retries included.',
    },
    longSeconds,
  ),
  deliveryAttemptDuration: new Histogram(
    {
      name: 'headrace_delivery_attempt_duration_seconds',
      help: 'Webhook attempts, by attempt (first, retry) and outcome (2xx, 3xx, 4xx, 5xx, or the code of the error).',
      labels: ['attempt', 'outcome'],
    },
    seconds,
  ),
  endpointAttempts: new Counter({
    name: 'headrace_endpoint_attempts_total',
    help: 'Webhook attempts by endpoint and result (success, error). Only with HEADRACE_METRICS_ENDPOINTS, which limits the endpoints; those beyond are "other".',
    labels: ['endpoint_id', 'result'],
    // The limit is on endpoints (endpoint-series.ts), each with two results.
    maxSeries: 20_002,
  }),
  deliveriesInFlight: new Gauge({
    name: 'headrace_deliveries_in_flight',
    help: 'Webhook attempts that this process is making.',
  }),
  deliveriesWaiting: new Gauge({
    name: 'headrace_deliveries_waiting',
    help: 'Webhook attempts that wait in this process for a free slot of their endpoint.',
  }),
  deliveriesDeferred: new Counter({
    name: 'headrace_deliveries_deferred_total',
    help: 'Webhook attempts that could not begin and were left to a timer, by reason: busy (no free slot), rate, circuit, hold (the endpoint asked for a pause), paused.',
    labels: ['reason'],
    known: [['busy'], ['rate'], ['circuit'], ['hold'], ['paused']],
  }),
  circuitsOpen: new Gauge({
    name: 'headrace_endpoint_circuits_open',
    help: 'Endpoints to which this process sends nothing for now, because they keep failing.',
  }),
  deadLetters: new Counter({
    name: 'headrace_dead_letters_total',
    help: 'Dead letters, by queue: delivery (an endpoint did not take it) or pipeline (a handler of ours failed).',
    labels: ['queue'],
    known: [['delivery'], ['pipeline']],
  }),
  timerLateness: new Histogram(
    {
      name: 'headrace_timer_lateness_seconds',
      help: 'Timers that came to a handler, by kind: how long after they were due.',
      labels: ['kind'],
    },
    [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800],
  ),
  consumerPending: new Gauge({
    name: 'headrace_consumer_pending_messages',
    help: 'Messages that a durable consumer has not delivered yet: its lag. Asked for every 12 s by each process that runs it.',
    labels: ['consumer'],
  }),
  consumerAckPending: new Gauge({
    name: 'headrace_consumer_ack_pending_messages',
    help: 'Messages delivered and not settled yet, in all processes.',
    labels: ['consumer'],
  }),
  consumerRedelivered: new Gauge({
    name: 'headrace_consumer_redelivered_messages',
    help: 'Unsettled messages that were delivered more than once.',
    labels: ['consumer'],
  }),
  natsConnected: new Gauge({
    name: 'headrace_nats_connected',
    help: '1 while this process is connected to NATS, else 0.',
  }),
  realtimeSockets: new Gauge({
    name: 'headrace_realtime_sockets',
    help: 'Open WebSockets, parked ones included, and sessions of long polling.',
  }),
  realtimeChannels: new Gauge({
    name: 'headrace_realtime_channels',
    help: 'Channels that sockets of this process follow.',
  }),
  realtimeTokenFrames: new Counter({
    name: 'headrace_realtime_token_frames_total',
    help: 'Frames with text of an answer that was being generated, pushed to sockets.',
  }),
  projectionLag: new Gauge({
    name: 'headrace_projection_lag_seconds',
    help: 'Age of the oldest event of the last batch when it was written; grows while a batch cannot be written.',
  }),
  cpuSeconds: new Counter({
    name: 'process_cpu_seconds_total',
    help: 'CPU time of this process, user and system.',
  }),
  residentMemory: new Gauge({
    name: 'process_resident_memory_bytes',
    help: 'Resident memory of this process.',
  }),
  startTime: new Gauge({
    name: 'process_start_time_seconds',
    help: 'When this process started, in seconds since 1970.',
  }),
  heapUsed: new Gauge({
    name: 'nodejs_heap_used_bytes',
    help: 'Memory that JavaScript objects take.',
  }),
  eventLoopDelay: new Gauge({
    name: 'nodejs_eventloop_delay_seconds',
    help: 'How late the event loop ran since the last scrape, by stat (p50, p99, max).',
    labels: ['stat'],
  }),
  buildInfo: new Gauge({
    name: 'headrace_build_info',
    help: 'Always 1; its labels say what runs.',
    labels: ['process', 'version', 'node'],
  }),
} as const;

/** All instruments, in the order in which they are exposed. */
export const allMetrics: readonly AnyInstrument[] = Object.values(metrics);
