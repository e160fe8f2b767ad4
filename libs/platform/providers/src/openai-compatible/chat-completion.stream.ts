import type { JsonObject } from '@headrace/contracts';
import type { ProviderAnswer, StreamOptions } from '../ai-provider.js';
import { ProviderError } from '../provider-error.js';
import { tooLarge, type StreamReader } from '../remote/remote-caller.js';
import type { ServerSentEvent } from '../sse/server-sent-events.js';
import { chatCompletionAnswer } from './chat-completion.response.js';
import { isObject } from '../chat/json.js';
import { errorInAnswer } from './provider-error-of.js';
import { StreamedChoice } from './streamed-choice.js';

/** More than any server gives; a number beyond is nonsense that must not cost memory. */
const mostChoices = 128;

/** Tells a stream of `chat.completion.chunk` and puts it together to the `chat.completion` that it would have been. */
export class ChatCompletionStream implements StreamReader {
  private readonly head: JsonObject = {};
  private readonly choices = new Map<number, StreamedChoice>();
  private length = 0;
  private isDone = false;

  /** `maxLength`: the longest text of an answer, in characters. */
  constructor(
    private readonly onDelta: StreamOptions['onDelta'],
    private readonly maxLength: number,
  ) {}

  /** Takes an event; true at `[DONE]`. */
  take({ data }: ServerSentEvent): boolean {
    if (data === '[DONE]') {
      this.isDone = true;
      return true;
    }
    const chunk = parseChunk(data);
    if (chunk.error !== undefined && chunk.error !== null) throw errorInAnswer(chunk.error);
    this.takeHead(chunk);
    if (!Array.isArray(chunk.choices)) return false;
    for (const choice of chunk.choices) if (isObject(choice)) this.takeChoice(choice);
    return false;
  }

  /** Throws `ProviderError` also when the stream broke off. */
  finish(): ProviderAnswer {
    if (!this.isDone && this.choices.get(0)?.isFinished !== true) throw brokenOff(this.choices.size > 0);
    const choices = [...this.choices].sort(([a], [b]) => a - b).map(([index, choice]) => choice.whole(index));
    const { usage, ...head } = this.head;
    return chatCompletionAnswer({ ...head, object: 'chat.completion', choices, ...(usage ? { usage } : {}) });
  }

  /** What is the same in all chunks, and the usage, which comes last or grows with each. */
  private takeHead(chunk: JsonObject): void {
    for (const key of ['id', 'created', 'model', 'system_fingerprint', 'service_tier', 'provider', 'citations']) {
      const value = chunk[key];
      if (value !== undefined && value !== null && value !== '') this.head[key] = value;
    }
    const groq = isObject(chunk.x_groq) ? chunk.x_groq.usage : undefined;
    const usage = chunk.usage ?? groq;
    if (isObject(usage)) this.head.usage = usage;
  }

  private takeChoice(choice: JsonObject): void {
    if (choice.error !== undefined && choice.error !== null) throw errorInAnswer(choice.error);
    const index = typeof choice.index === 'number' ? choice.index : 0;
    let streamed = this.choices.get(index);
    if (!streamed) {
      if (this.choices.size === mostChoices) throw invalid('The stream of the provider has too many choices.');
      this.choices.set(index, (streamed = new StreamedChoice()));
    }
    const { delta, length } = streamed.take(choice);
    this.length += length;
    if (this.length > this.maxLength) throw tooLarge(this.maxLength);
    if (index === 0 && delta) this.onDelta(delta);
  }
}

function parseChunk(data: string): JsonObject {
  let chunk: unknown;
  try {
    chunk = JSON.parse(data);
  } catch {
    throw invalid('A piece of the provider’s stream is not JSON.');
  }
  if (!isObject(chunk)) throw invalid('A piece of the provider’s stream is not a JSON object.');
  return chunk;
}

const invalid = (message: string): ProviderError => new ProviderError('invalid_response', message, { httpStatus: 200 });

/** A stream that ended in good order without an end of its answer, or without an answer. */
const brokenOff = (hasBegun: boolean): ProviderError =>
  hasBegun
    ? new ProviderError('connection_failed', 'The stream ended before the answer was complete.', {
        httpStatus: 200,
        retryable: true,
      })
    : new ProviderError('invalid_response', 'The stream of the provider has no answer.', { httpStatus: 200 });
