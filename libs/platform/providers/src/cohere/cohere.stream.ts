import type { JsonObject } from '@headrace/contracts';
import type { StreamOptions } from '../ai-provider.js';
import { unusable } from '../chat/chat-completion.js';
import { count, objectIn, text } from '../chat/json.js';
import { StreamedAnswer } from '../chat/streamed-answer.js';
import { readCohereAnswer } from './cohere.answer.js';
import { errorInCohereAnswer } from './cohere.errors.js';

/** A tool call that is put together from its pieces. */
interface StreamedCall {
  readonly id: string;
  readonly name: string;
  readonly pieces: string[];
}

/** Reads the events of a streamed chat response: `message-start`, pieces of content and of tool calls, `message-end`. */
export class CohereStream extends StreamedAnswer {
  private id = '';
  private end: JsonObject = {};
  private readonly texts: Record<'text' | 'thinking' | 'tool_plan', string[]> = {
    text: [],
    thinking: [],
    tool_plan: [],
  };
  private readonly calls = new Map<number, StreamedCall>();

  constructor(options: Pick<StreamOptions, 'onDelta'>, maxLength: number, model: string) {
    super(options.onDelta, maxLength, (body) => readCohereAnswer(body, model));
  }

  protected takeEvent(event: JsonObject): boolean {
    const message = objectIn(objectIn(event.delta).message);
    switch (event.type) {
      case 'message-start':
        this.id = text(event.id) ?? '';
        return false;
      case 'content-start':
      case 'content-delta':
        this.takeContent(objectIn(message.content));
        return false;
      case 'tool-plan-delta':
        this.texts.tool_plan.push(this.keep(text(message.tool_plan) ?? ''));
        return false;
      case 'tool-call-start':
        this.startCall(count(event.index) ?? 0, objectIn(message.tool_calls));
        return false;
      case 'tool-call-delta':
        this.addToCall(count(event.index) ?? 0, objectIn(objectIn(message.tool_calls).function));
        return false;
      case 'message-end':
        this.end = objectIn(event.delta);
        return true;
      case undefined:
        throw errorInCohereAnswer(event);
      default:
        // Ends of pieces, citations, and kinds to come.
        return false;
    }
  }

  protected body(): JsonObject {
    const { text: told, thinking, tool_plan: plan } = this.texts;
    const calls = [...this.calls].sort(([a], [b]) => a - b);
    return {
      id: this.id,
      message: {
        role: 'assistant',
        content: [
          ...(thinking.length > 0 ? [{ type: 'thinking', thinking: thinking.join('') }] : []),
          { type: 'text', text: told.join('') },
        ],
        tool_plan: plan.join(''),
        tool_calls: calls.map(([, { id, name, pieces }]) => ({
          id,
          type: 'function',
          function: { name, arguments: pieces.join('') },
        })),
      },
      ...this.end,
    };
  }

  private takeContent(content: JsonObject): void {
    const told = this.keep(text(content.text) ?? '');
    if (told !== '') this.texts.text.push(told);
    this.tellText(told);
    const thought = this.keep(text(content.thinking) ?? '');
    if (thought !== '') this.texts.thinking.push(thought);
  }

  private startCall(index: number, call: JsonObject): void {
    const { name, arguments: input } = objectIn(call.function);
    const started = {
      id: text(call.id) ?? '',
      name: this.keep(text(name) ?? ''),
      pieces: [this.keep(text(input) ?? '')],
    };
    this.calls.set(index, started);
    this.tellCall(index, started.id, started.name, started.pieces.join(''));
  }

  private addToCall(index: number, { arguments: input }: JsonObject): void {
    const call = this.calls.get(index);
    if (!call) throw unusable('A piece of the provider’s stream belongs to no tool call.');
    const piece = this.keep(text(input) ?? '');
    call.pieces.push(piece);
    this.tellInput(index, piece);
  }
}
