import { errorBody, type AnswerPiece, type JsonObject } from '@headrace/contracts';
import { ApiError } from '@headrace/http';
import type { FastifyReply } from 'fastify';
import { choicesOf, completionOf, usageOf, type Choice, type CompletedRequest } from '../whole-answer.js';
import { done, errorEvent, type ChatChunks } from './chat-chunks.js';
import { EventStream } from './event-stream.js';
import { ToldAnswer } from './told-answer.js';

/** What a stream needs to know of its request, once that is let in. */
export interface StreamSetting {
  readonly chunks: ChatChunks;
  readonly includeUsage: boolean;
  /** Headers of the stream when its pieces come before its end. */
  readonly headers: Readonly<Record<string, string>>;
  readonly heartbeatMs: number;
  readonly stallMs: number;
}

/** Text that is kept for a client that is behind; what comes beyond it is told at the end, from the whole answer. */
const longestPending = 64 * 1024;

/**
 * An answer told to one client as it is generated. Pieces may be missed or come late; what they add up to is made
 * whole by the answer itself, which is in the log at the end.
 */
export class AnswerStream {
  readonly #events: EventStream;
  readonly #told = new ToldAnswer();
  #setting: StreamSetting | undefined;
  /** Pieces that came before the request was known to be let in. */
  #early: AnswerPiece[] = [];
  /** Whether a piece was left out: then nothing more is told before the end. */
  #hasGap = false;
  #pending = '';

  constructor(reply: FastifyReply, isClosing: () => boolean) {
    this.#events = new EventStream(reply, { onDrain: () => this.#flush(), isClosing });
  }

  /** Whether the client has heard of the answer; what fails before can be answered as if there were no stream. */
  get isBegun(): boolean {
    return this.#events.isBegun;
  }

  /** Tells pieces from now on. */
  open(setting: StreamSetting): void {
    this.#setting = setting;
    this.#events.keepAlive(setting.heartbeatMs, setting.stallMs, setting.headers);
    for (const piece of this.#early) this.tell(piece);
    this.#early = [];
  }

  /** Tells a piece that follows on the one before it. */
  tell(piece: AnswerPiece): void {
    const setting = this.#setting;
    if (!setting) {
      this.#early.push(piece);
      return;
    }
    if (this.#hasGap) return;
    this.#events.begin(setting.headers);
    if (!this.#events.isFull) this.#write(setting, piece);
    else if (piece.toolCalls || this.#pending.length > longestPending) this.#hasGap = true;
    else this.#pending += piece.content ?? '';
  }

  /** Tells what is left of the answer, and that this was all. `headers`: those of a stream that begins only now. */
  complete(channel: string, end: CompletedRequest, headers: Readonly<Record<string, string>>): void {
    const setting = this.#setting;
    if (!setting) return;
    this.#flush();
    const [first, ...others] = choicesOf(completionOf(channel, end));
    const texts = first ? textsOf(first, end) : [''];
    const calls = first ? toolCallsOf(first) : [];
    const rest = texts.map((text) => this.#told.remainderOf(text, calls)).find((remainder) => remainder !== undefined);
    if (!rest) {
      this.fail(
        new ApiError('upstream_error', 'The answer was begun by one provider and given by another. Ask again.'),
      );
      return;
    }
    this.#events.begin(headers);
    const { chunks, includeUsage } = setting;
    const events = [
      rest.content === '' ? '' : chunks.text(rest.content),
      rest.toolCalls.length === 0 ? '' : chunks.delta(0, { tool_calls: [...rest.toolCalls] }),
      chunks.finish(0, first?.finishReason ?? 'stop'),
      ...others.flatMap(({ index, message, finishReason }) => {
        const { role: _role, ...delta } = message;
        return [chunks.delta(index, delta), chunks.finish(index, finishReason)];
      }),
      includeUsage ? chunks.usage(usageOf(end)) : '',
      done,
    ];
    this.#events.end(events.join(''));
  }

  /** Breaks off a stream that has begun. */
  fail({ code, message, details }: ApiError): void {
    this.#events.begin(this.#setting?.headers ?? {});
    this.#events.end(errorEvent(errorBody(code, message, details).error));
  }

  /** Ends a stream that was never begun. */
  cancel(): void {
    this.#events.cancel();
  }

  #write({ chunks }: StreamSetting, { content, toolCalls }: AnswerPiece): void {
    this.#told.add({ content, toolCalls });
    if (toolCalls === undefined) this.#events.write(chunks.text(content ?? ''));
    else {
      const delta = { ...(content === undefined ? {} : { content }), tool_calls: [...toolCalls] };
      this.#events.write(chunks.delta(0, delta));
    }
  }

  #flush(): void {
    const content = this.#pending;
    this.#pending = '';
    if (content !== '' && this.#setting) this.#write(this.#setting, { index: 0, content });
  }
}

/** The texts that an answer may have been told as: of a structured output the model's own words or the object. */
function textsOf({ message }: Choice, { output }: CompletedRequest): string[] {
  const content = typeof message.content === 'string' ? message.content : '';
  return output.content === null || output.content === content ? [content] : [content, output.content];
}

const toolCallsOf = ({ message: { tool_calls: calls } }: Choice): JsonObject[] =>
  Array.isArray(calls) ? (calls as JsonObject[]) : [];
