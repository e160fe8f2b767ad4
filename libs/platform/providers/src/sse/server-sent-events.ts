import { StringDecoder } from 'node:string_decoder';
import { ProviderError } from '../provider-error.js';

/** One event of a `text/event-stream`; `id` and `retry` are for reconnecting, which a generation cannot do. */
export interface ServerSentEvent {
  /** The `event` field; `message` when there was none. */
  readonly event: string;
  /** The `data` lines, joined by line feeds. */
  readonly data: string;
}

/**
 * The events of a stream as they come (WHATWG HTML, 9.2.6), comments and events without data left out. What follows
 * the last blank line is an event that was cut off, and is dropped. Throws `ProviderError` with code
 * `response_too_large` as soon as an event is longer than `maxEventLength` characters, and what `body` throws.
 */
export async function* readServerSentEvents(
  body: AsyncIterable<Buffer>,
  maxEventLength: number,
): AsyncGenerator<ServerSentEvent, void, undefined> {
  const parser = new ServerSentEventParser(maxEventLength);
  for await (const chunk of body) yield* parser.push(chunk);
}

/** Takes a stream apart, chunk by chunk; no character is looked at twice. */
export class ServerSentEventParser {
  private readonly decoder = new StringDecoder('utf8');
  private isStart = true;
  /** Whether the chunk before ended in CR: a LF that follows belongs to it. */
  private endedInCr = false;
  /** The line that is not complete yet. */
  private line = '';
  private event = '';
  private data: string | undefined;

  constructor(private readonly maxEventLength: number) {}

  /** The events that this chunk completes. */
  push(chunk: Buffer): ServerSentEvent[] {
    const text = this.decoder.write(chunk);
    const events: ServerSentEvent[] = [];
    if (text === '') return events;
    let start = this.startOf(text);
    let lf = text.indexOf('\n', start);
    let cr = text.indexOf('\r', start);
    while (lf !== -1 || cr !== -1) {
      const end = lf === -1 || (cr !== -1 && cr < lf) ? cr : lf;
      const line = this.line + text.slice(start, end);
      this.line = '';
      start = end === cr && lf === cr + 1 ? end + 2 : end + 1;
      this.endedInCr = end === cr && start === text.length && lf !== cr + 1;
      if (lf !== -1 && lf < start) lf = text.indexOf('\n', start);
      if (cr !== -1 && cr < start) cr = text.indexOf('\r', start);
      this.take(line, events);
    }
    this.line += text.slice(start);
    this.checkLength(this.line.length);
    return events;
  }

  /** Skips a byte order mark and the second half of a CRLF. */
  private startOf(text: string): number {
    const skip = (this.isStart && text.startsWith('\uFEFF')) || (this.endedInCr && text.startsWith('\n')) ? 1 : 0;
    this.isStart = this.endedInCr = false;
    return skip;
  }

  private take(line: string, events: ServerSentEvent[]): void {
    if (line === '') {
      if (this.data !== undefined) events.push({ event: this.event || 'message', data: this.data });
      this.event = '';
      this.data = undefined;
      return;
    }
    const colon = line.indexOf(':');
    if (colon === 0) return;
    const field = colon === -1 ? line : line.slice(0, colon);
    if (field !== 'data' && field !== 'event') return;
    const value = colon === -1 ? '' : line.slice(line.startsWith(' ', colon + 1) ? colon + 2 : colon + 1);
    this.checkLength(value.length);
    if (field === 'event') this.event = value;
    else this.data = this.data === undefined ? value : `${this.data}\n${value}`;
  }

  private checkLength(more: number): void {
    if ((this.data?.length ?? 0) + more <= this.maxEventLength) return;
    throw new ProviderError(
      'response_too_large',
      `An event of the provider's stream is over ${this.maxEventLength} characters.`,
      { httpStatus: 200 },
    );
  }
}
