import type { JsonObject } from '@headrace/contracts';
import type { GenerateOptions, ProviderAnswer, StreamOptions } from '../ai-provider.js';
import type { HttpAnswer, HttpCall, HttpClient, HttpStream } from '../http-client.port.js';
import { hideKey } from '../openai-compatible/hide-key.js';
import { errorOfAnswer, errorOfFailure } from '../openai-compatible/provider-error-of.js';
import { ProviderError } from '../provider-error.js';
import { readServerSentEvents, type ServerSentEvent } from '../sse/server-sent-events.js';
import { endQuietly } from './end-quietly.js';
import { readWhole, startsLikeJson, withFirst } from './streamed-body.js';

/** Limits of calls to remote providers. */
export interface RemoteLimits {
  /** Longest wait for a new connection, in milliseconds. */
  readonly connectTimeoutMs: number;
  /** Largest answer, in bytes; of a streamed one what is put together of it, since its wrapping is not kept. */
  readonly maxResponseBytes: number;
}

/** One POST to a provider. */
export interface RemoteCall {
  readonly url: string;
  /** Those that carry the key; what says that JSON is sent and taken is added. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: JsonObject;
  /** Hidden in whatever the provider says about it. */
  readonly apiKey: string | null;
  /** Reads an error answer of a provider that does not write it as OpenAI does. `now`: milliseconds since 1970. */
  readonly errorOf?: (answer: HttpAnswer, now: number) => ProviderError;
}

/** Puts a streamed answer together. Its methods throw `ProviderError`. */
export interface StreamReader {
  /** Takes one event; true when nothing of use comes after it. */
  take(event: ServerSentEvent): boolean;
  /** The answer, once the stream is over. */
  finish(): ProviderAnswer;
}

/** A token of a few bytes comes in an event of a few hundred. */
const streamWrapping = 64;
/** setTimeout may be this much early, by its clock. */
const timerSlackMs = 5;

/** Makes calls of remote providers, whole or streamed. Every failure is a `ProviderError` that holds no key. */
export class RemoteCaller {
  constructor(
    private readonly http: HttpClient,
    readonly limits: RemoteLimits,
  ) {}

  /** Calls and reads the text of a 200 answer. */
  async whole(
    call: RemoteCall,
    options: GenerateOptions,
    read: (text: string) => ProviderAnswer,
  ): Promise<ProviderAnswer> {
    try {
      const answer = await this.http.request(this.httpCall(call, options, 'application/json'));
      return read(this.textOf(answer, call));
    } catch (error) {
      throw withoutKey(error, call.apiKey, options.timeoutMs);
    }
  }

  /**
   * Calls and reads a stream of events. Some servers answer a stream request with a whole body, under any content
   * type: it goes to `readBody`.
   */
  async streamed(
    call: RemoteCall,
    options: StreamOptions,
    reader: StreamReader,
    readBody: (text: string) => ProviderAnswer,
  ): Promise<ProviderAnswer> {
    const started = performance.now();
    try {
      const { maxResponseBytes } = this.limits;
      const head = this.httpCall(call, options, 'text/event-stream');
      const stream = await this.http.requestStream({
        ...head,
        timeouts: { ...head.timeouts, ...(options.idleMs === undefined ? {} : { idleMs: options.idleMs }) },
        maxResponseBytes: maxResponseBytes * streamWrapping,
      });
      if (stream.status !== 200) throw errorOf(await wholeAnswer(stream, maxResponseBytes), call);
      const chunks = stream.body[Symbol.asyncIterator]();
      const first = await chunks.next();
      const body = withFirst(first, chunks);
      if (first.done !== true && startsLikeJson(first.value)) {
        return readBody(this.textOf(await wholeAnswer({ ...stream, body }, maxResponseBytes), call));
      }
      return await readEvents(readServerSentEvents(body, maxResponseBytes), reader, () => stream.cancel());
    } catch (error) {
      const wasSilent = performance.now() - started < options.timeoutMs - timerSlackMs ? options.idleMs : undefined;
      throw withoutKey(error, call.apiKey, options.timeoutMs, wasSilent);
    }
  }

  private httpCall(
    { url, headers, body }: RemoteCall,
    { signal, timeoutMs }: GenerateOptions,
    accept: string,
  ): HttpCall {
    return {
      url,
      method: 'POST',
      headers: { 'content-type': 'application/json', accept, ...headers },
      body: JSON.stringify(body),
      timeouts: {
        connectMs: Math.min(this.limits.connectTimeoutMs, timeoutMs),
        firstByteMs: timeoutMs,
        totalMs: timeoutMs,
      },
      maxResponseBytes: this.limits.maxResponseBytes,
      signal,
    };
  }

  private textOf(answer: HttpAnswer, call: RemoteCall): string {
    if (answer.status !== 200) throw errorOf(answer, call);
    if (answer.truncated) throw tooLarge(this.limits.maxResponseBytes);
    return answer.body.toString('utf8');
  }
}

const errorOf = (answer: HttpAnswer, call: RemoteCall): ProviderError =>
  (call.errorOf ?? errorOfAnswer)(answer, Date.now());

/** An answer that is over the limit. */
export const tooLarge = (limit: number): ProviderError =>
  new ProviderError('response_too_large', `The answer of the provider is over ${limit} bytes.`, { httpStatus: 200 });

async function readEvents(
  events: AsyncGenerator<ServerSentEvent, void, undefined>,
  reader: StreamReader,
  cancel: () => void,
): Promise<ProviderAnswer> {
  let isOver = false;
  try {
    for (let next = await events.next(); next.done !== true; next = await events.next()) {
      isOver = reader.take(next.value);
      if (isOver) break;
    }
  } catch (error) {
    cancel();
    throw error;
  }
  // Not left here and now, because that would break a connection that can be used again.
  if (isOver) endQuietly(events, cancel);
  return reader.finish();
}

const wholeAnswer = async ({ status, headers, body }: HttpStream, limit: number): Promise<HttpAnswer> => ({
  status,
  headers,
  ...(await readWhole(body, limit)),
});

function withoutKey(error: unknown, apiKey: string | null, timeoutMs: number, silentMs?: number): ProviderError {
  const known = error instanceof ProviderError ? error : errorOfFailure(error, timeoutMs, silentMs);
  const message = hideKey(known.message, apiKey);
  // A new error, because a stack repeats the message that its error was made with.
  return message === known.message ? known : new ProviderError(known.code, message, known);
}
