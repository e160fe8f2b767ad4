import { ApiConnectionError, HeadraceError } from '../errors.js';
import { wholeNumber, type CallOptions } from '../options.js';
import { EventReader, type ServerEvent } from '../transport/event-stream.js';
import { delayAfter, type HttpCaller } from '../transport/http-caller.js';
import { readEvents } from '../transport/read-events.js';
import { pause } from '../transport/time-limit.js';
import type { ChannelEvent } from '../types/channel.js';
import type { Json } from '../types/json.js';

/** Three heartbeats. */
const silenceMs = 45_000;
/** No server has a client wait longer. */
const longestPauseMs = 60_000;

/** Where and how the events of a request are read. */
export interface EventsCall {
  readonly path: string;
  /** Of the last event that is known; empty to be told all. */
  readonly lastEventId: string;
  /** How many connections in a row may fail or break before anything was told. */
  readonly maxRetries: number;
  readonly options: CallOptions;
}

/**
 * What is told of a request until it has ended: each state once, and the text from where it was. Comes again after a
 * connection that broke, with the id of the last event that it was told.
 */
export async function* channelEvents<Data>(
  http: HttpCaller,
  { path, lastEventId, maxRetries, options }: EventsCall,
): AsyncGenerator<ChannelEvent<Data>, void, undefined> {
  const most = wholeNumber('maxRetries', maxRetries);
  let lastId = lastEventId;
  for (let failures = 0; ;) {
    const reader = new EventReader(lastId);
    try {
      for await (const told of connection(http, path, reader, options)) {
        if (told.event === 'phx_close') return;
        failures = 0;
        if (told.event === 'response' || told.event === 'tokens') yield eventOf<Data>(told);
      }
      throw new ApiConnectionError('The events broke off before the end of the request.');
    } catch (error) {
      // A proxy may cut connections that were good.
      failures = reader.hasHeartbeat ? 1 : failures + 1;
      const delay = failures > most ? undefined : delayAfter(error, failures);
      if (delay === undefined || options.signal?.aborted) throw error;
      await pause(Math.min(reader.retryMs ?? delay, longestPauseMs), options.signal);
    }
    lastId = reader.lastId;
  }
}

/** The events of one connection. What 204 says is told as the event that says the same. */
async function* connection(
  http: HttpCaller,
  path: string,
  reader: EventReader,
  options: CallOptions,
): AsyncGenerator<ServerEvent, void, undefined> {
  const headers: Record<string, string> = { accept: 'text/event-stream' };
  if (reader.lastId !== '') headers['last-event-id'] = reader.lastId;
  const { timeoutMs = silenceMs } = options;
  const answer = await http.open({ method: 'GET', path, headers }, { ...options, timeoutMs, maxRetries: 0 });
  try {
    if (answer.response.status === 204) yield { event: 'phx_close', data: '', id: reader.lastId };
    else yield* readEvents(answer, reader);
  } finally {
    answer.limit.abort();
    answer.limit.release();
  }
}

function eventOf<Data>({ event, id, data }: ServerEvent): ChannelEvent<Data> {
  try {
    return { event, id, data: JSON.parse(data) as Json } as unknown as ChannelEvent<Data>;
  } catch {
    throw new HeadraceError('An event of the stream is no JSON.');
  }
}
