import type { JsonObject } from '@headrace/contracts';
import type { StreamOptions } from '../ai-provider.js';
import { unusable } from '../chat/chat-completion.js';
import { count, objectIn, text } from '../chat/json.js';
import { StreamedAnswer } from '../chat/streamed-answer.js';
import { readResponse } from './responses.answer.js';
import { errorInResponse } from './responses.errors.js';

/** Reads the events of a streamed Response. Its last one holds the whole of it, so that only the pieces are told here. */
export class ResponsesStream extends StreamedAnswer {
  private response: JsonObject = {};
  /** Finished items by their place in the output, and the texts: some servers leave them out of the last event. */
  private readonly items = new Map<number, JsonObject>();
  private readonly texts: string[] = [];
  /** Places in the output of function calls, in the order in which they are told. */
  private readonly calls: number[] = [];

  constructor({ onDelta }: Pick<StreamOptions, 'onDelta'>, maxLength: number) {
    super(onDelta, maxLength, readResponse);
  }

  protected takeEvent(event: JsonObject): boolean {
    const place = count(event.output_index) ?? 0;
    const delta = text(event.delta) ?? '';
    switch (event.type) {
      case 'response.output_text.delta':
        this.texts.push(this.keep(delta));
        this.tellText(delta);
        return false;
      case 'response.function_call_arguments.delta':
        this.tellInput(this.callAt(place), this.keep(delta));
        return false;
      case 'response.refusal.delta':
      case 'response.reasoning_text.delta':
      case 'response.reasoning_summary_text.delta':
        this.keep(delta);
        return false;
      case 'response.output_item.added':
        this.startItem(place, objectIn(event.item));
        return false;
      case 'response.output_item.done':
        this.items.set(place, objectIn(event.item));
        return false;
      case 'response.completed':
      case 'response.incomplete':
      case 'response.failed':
        this.response = objectIn(event.response);
        return true;
      case 'error':
        throw errorInResponse({ ...event, type: null, ...objectIn(event.error) });
      default:
        // Beginnings and ends that say nothing new, progress of the provider's own tools, and kinds to come.
        return false;
    }
  }

  protected body(): JsonObject {
    const { output } = this.response;
    if (Array.isArray(output) && output.length > 0) return this.response;
    const items = [...this.items].sort(([a], [b]) => a - b).map(([, item]) => item);
    const hasMessage = items.some(({ type }) => type === 'message') || this.texts.length === 0;
    return { ...this.response, output: hasMessage ? items : [...items, this.message()] };
  }

  private message(): JsonObject {
    return { type: 'message', content: [{ type: 'output_text', text: this.texts.join('') }] };
  }

  private startItem(place: number, item: JsonObject): void {
    if (item.type !== 'function_call') return;
    const index = this.calls.push(place) - 1;
    const name = this.keep(text(item.name) ?? '');
    this.tellCall(index, text(item.call_id) ?? '', name, this.keep(text(item.arguments) ?? ''));
  }

  private callAt(place: number): number {
    const index = this.calls.indexOf(place);
    if (index === -1) throw unusable('A piece of the provider’s stream belongs to no function call.');
    return index;
  }
}
