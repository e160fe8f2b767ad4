import type { JsonObject } from '@headrace/contracts';
import type { AnswerDelta, ProviderAnswer, StreamOptions } from '../ai-provider.js';
import { tooLarge, type StreamReader } from '../remote/remote-caller.js';
import type { ServerSentEvent } from '../sse/server-sent-events.js';
import { brokenOff, toolCallBody, unusable } from './chat-completion.js';
import { parsedObject } from './json.js';

/**
 * Reads a provider's stream: tells the pieces and puts together the body that the answer would have had if it had
 * come at once, so that both are read by the same code.
 */
export abstract class StreamedAnswer implements StreamReader {
  private length = 0;
  private hasToldText = false;
  private hasBegun = false;
  private isComplete = false;

  /** `maxLength`: the longest answer, in characters, without what wraps it in the stream. */
  constructor(
    private readonly onDelta: StreamOptions['onDelta'],
    private readonly maxLength: number,
    private readonly read: (body: JsonObject) => ProviderAnswer,
  ) {}

  take({ data }: ServerSentEvent): boolean {
    if (data === '[DONE]') return true;
    this.hasBegun = true;
    const event = parsedObject(data);
    if (!event) throw unusable('A piece of the provider’s stream is not a JSON object.');
    this.isComplete = this.takeEvent(event) || this.isComplete;
    return this.isComplete && this.endsAtOnce;
  }

  finish(): ProviderAnswer {
    if (!this.hasBegun) throw unusable('The stream of the provider has no answer.');
    if (!this.isComplete) throw brokenOff();
    const answer = this.read(this.body());
    // A text that could not be told in pieces.
    if (!this.hasToldText) this.tellText(answer.content ?? '');
    return answer;
  }

  /** Whether nothing of use follows on the event that completes the answer. */
  protected readonly endsAtOnce: boolean = true;

  /** Takes an event; true when the answer is complete with it. */
  protected abstract takeEvent(event: JsonObject): boolean;

  /** The whole body, once it is complete. */
  protected abstract body(): JsonObject;

  /** Tells a piece of text. */
  protected tellText(content: string): void {
    if (content === '') return;
    this.hasToldText = true;
    this.tell({ content });
  }

  /** Tells that a tool is called. */
  protected tellCall(index: number, id: string, name: string, input: string, more: JsonObject = {}): void {
    this.tell({ toolCalls: [{ index, ...toolCallBody(id, name, input, more) }] });
  }

  /** Tells more of a call's arguments. */
  protected tellInput(index: number, input: string): void {
    if (input !== '') this.tell({ toolCalls: [{ index, function: { arguments: input } }] });
  }

  /** Counts what is kept. Throws `ProviderError` with code `response_too_large` above the limit. */
  protected keep(piece: string): string {
    this.length += piece.length;
    if (this.length > this.maxLength) throw tooLarge(this.maxLength);
    return piece;
  }

  private tell(delta: AnswerDelta): void {
    this.onDelta(delta);
  }
}
