import type { JsonObject } from '@headrace/contracts';
import type { StreamOptions } from '../ai-provider.js';
import { isObject, objectIn, objectsIn, text } from '../chat/json.js';
import { StreamedAnswer } from '../chat/streamed-answer.js';
import { readGoogleAnswer, toolCallsIn } from './google.answer.js';
import { errorInGoogleAnswer } from './google.errors.js';

/** Reads the chunks of a streamed GenerateContentResponse: each is one with the parts that are new. */
export class GoogleStream extends StreamedAnswer {
  /** Early models give a reason to stop in every chunk. */
  protected override readonly endsAtOnce = false;
  private whole: JsonObject = {};
  private candidate: JsonObject = {};
  private readonly parts: JsonObject[] = [];
  private calls = 0;

  constructor(options: Pick<StreamOptions, 'onDelta'>, maxLength: number) {
    super(options.onDelta, maxLength, readGoogleAnswer);
  }

  protected takeEvent(chunk: JsonObject): boolean {
    if (isObject(chunk.error)) throw errorInGoogleAnswer(chunk.error);
    const { candidates, ...head } = chunk;
    this.whole = { ...this.whole, ...head };
    const [candidate] = objectsIn(candidates);
    if (candidate) {
      const { content, ...rest } = candidate;
      this.candidate = { ...this.candidate, ...rest };
      for (const part of objectsIn(objectIn(content).parts)) this.takePart(part);
    }
    return text(this.candidate.finishReason) !== undefined || isObject(chunk.promptFeedback);
  }

  protected body(): JsonObject {
    const hasBegun = this.parts.length > 0 || Object.keys(this.candidate).length > 0;
    const candidates = hasBegun ? [{ ...this.candidate, content: { role: 'model', parts: this.parts } }] : [];
    return { ...this.whole, candidates };
  }

  private takePart(part: JsonObject): void {
    if (isObject(part.functionCall)) {
      this.takeCall(part);
      return;
    }
    const piece = text(part.text);
    if (piece === undefined) return;
    this.keep(piece);
    const last = this.parts.at(-1);
    const isSame = last?.text !== undefined && (last.thought === true) === (part.thought === true);
    if (isSame) last.text = (text(last.text) ?? '') + piece;
    else this.parts.push({ ...part });
    if (part.thought !== true) this.tellText(piece);
  }

  /** A call comes whole. Its id is settled here, so that the pieces and the answer have the same. */
  private takeCall(part: JsonObject): void {
    const functionCall = objectIn(part.functionCall);
    const id = text(functionCall.id) ?? `call_${text(this.whole.responseId) ?? 'google'}_${this.calls}`;
    const settled = { ...part, functionCall: { ...functionCall, id } };
    this.parts.push(settled);
    const [call] = toolCallsIn([settled], '', text(this.whole.modelVersion) ?? '');
    const { arguments: input, name } = objectIn(call?.function);
    const { extra_content: extra } = call ?? {};
    this.keep(`${text(name) ?? ''}${text(input) ?? ''}`);
    this.tellCall(
      this.calls++,
      id,
      text(name) ?? '',
      text(input) ?? '',
      extra === undefined ? {} : { extra_content: extra },
    );
  }
}
