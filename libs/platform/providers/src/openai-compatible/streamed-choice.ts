import type { Json, JsonObject } from '@headrace/contracts';
import type { AnswerDelta } from '../ai-provider.js';
import { textOf } from './chat-completion.response.js';
import { isObject } from '../chat/json.js';
import { ToolCallPieces } from './tool-call-pieces.js';

/** Fields of a message that come as text in pieces. Reasoning is kept as in a whole answer, but is not told. */
const textFields = ['content', 'refusal', 'reasoning_content', 'reasoning'] as const;

/** Puts one choice of a streamed chat completion together. */
export class StreamedChoice {
  private readonly texts = new Map<string, string[]>();
  private readonly toolCalls = new ToolCallPieces();
  private readonly annotations: Json[] = [];
  private readonly logprobs: Json[] = [];
  private finishReason: string | null = null;
  /** What Azure's filter found in the latest piece. */
  private filterResults: JsonObject | null = null;

  /** Whether the provider said why the choice ended. */
  get isFinished(): boolean {
    return this.finishReason !== null;
  }

  /** Takes `choices[n]` of a chunk: what of it is told, and how many characters it adds. */
  take(choice: JsonObject): { readonly delta: AnswerDelta | null; readonly length: number } {
    // An empty reason is how some servers write that there is none yet.
    if (typeof choice.finish_reason === 'string' && choice.finish_reason !== '') {
      this.finishReason = choice.finish_reason;
    }
    if (isObject(choice.content_filter_results)) this.filterResults = choice.content_filter_results;
    if (isObject(choice.logprobs) && Array.isArray(choice.logprobs.content)) {
      this.logprobs.push(...choice.logprobs.content);
    }
    // A whole message in place of a delta is what some servers put into the only chunk.
    const delta = isObject(choice.delta) ? choice.delta : choice.message;
    return isObject(delta) ? this.takeDelta(delta) : { delta: null, length: 0 };
  }

  /** The choice as a whole answer has it. */
  whole(index: number): JsonObject {
    const toolCalls = this.toolCalls.whole();
    return {
      index,
      message: {
        role: 'assistant',
        content: this.text('content'),
        refusal: this.text('refusal'),
        ...this.reasoning(),
        ...(this.annotations.length === 0 ? {} : { annotations: this.annotations }),
        ...(toolCalls.length === 0 ? {} : { tool_calls: toolCalls }),
      },
      logprobs: this.logprobs.length === 0 ? null : { content: this.logprobs },
      finish_reason: this.finishReason,
      ...(this.filterResults === null ? {} : { content_filter_results: this.filterResults }),
    };
  }

  private takeDelta(delta: JsonObject): { readonly delta: AnswerDelta | null; readonly length: number } {
    let length = 0;
    for (const field of textFields) length += this.add(field, delta[field]);
    if (Array.isArray(delta.annotations)) this.annotations.push(...delta.annotations);
    const content = textOf(delta.content) ?? '';
    if (!Array.isArray(delta.tool_calls) || delta.tool_calls.length === 0) {
      return { delta: content === '' ? null : { content }, length };
    }
    const calls = this.toolCalls.take(delta.tool_calls);
    const told = { ...(content === '' ? {} : { content }), toolCalls: calls.told };
    return { delta: calls.told.length === 0 && content === '' ? null : told, length: length + calls.length };
  }

  private add(field: string, value: Json | undefined): number {
    const text = value === undefined || value === null ? null : textOf(value);
    if (text === null) return 0;
    const parts = this.texts.get(field);
    if (parts) parts.push(text);
    else this.texts.set(field, [text]);
    return text.length;
  }

  /** Null when nothing came, or only the empty text with which a tool call's stream begins. */
  private text(field: string): string | null {
    const text = this.texts.get(field)?.join('') ?? null;
    return text === '' && (field !== 'content' || this.toolCalls.whole().length > 0) ? null : text;
  }

  private reasoning(): JsonObject {
    const fields = textFields.slice(2).map((field) => [field, this.text(field)] as const);
    return Object.fromEntries(fields.filter(([, text]) => text !== null));
  }
}
