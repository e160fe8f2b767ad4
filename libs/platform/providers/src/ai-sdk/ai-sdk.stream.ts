import type { Json, JsonObject } from '@headrace/contracts';
import type { ProviderAnswer, StreamOptions } from '../ai-provider.js';
import { brokenOff, toolCallBody } from '../chat/chat-completion.js';
import { isObject, objectIn, text } from '../chat/json.js';
import { tooLarge } from '../remote/remote-caller.js';
import type { AiSdkPart } from './ai-sdk.port.js';
import { readAiSdkResult } from './ai-sdk.answer.js';

/** Tells the parts of a stream and puts them together to what `doGenerate` would have given. */
export class AiSdkStream {
  private readonly content: JsonObject[] = [];
  /** Ids of the calls that are told, in their order. */
  private readonly told: string[] = [];
  private response: JsonObject = {};
  private end: JsonObject | undefined;
  private length = 0;

  /** `maxLength`: the longest answer, in characters. */
  constructor(
    private readonly onDelta: StreamOptions['onDelta'],
    private readonly maxLength: number,
    private readonly model: string,
  ) {}

  /** Takes a part. Throws what an `error` part holds, and `ProviderError` above the limit. */
  take(part: AiSdkPart): void {
    const delta = 'delta' in part ? (text(part.delta) ?? '') : '';
    switch (part.type) {
      case 'text-delta':
        this.add('text', delta);
        if (delta !== '') this.onDelta({ content: delta });
        return;
      case 'reasoning-delta':
        this.add('reasoning', delta);
        return;
      case 'tool-input-start':
        if (!('providerExecuted' in part && part.providerExecuted === true)) this.tellCall(part, 'id', '');
        return;
      case 'tool-input-delta':
        this.tellInput('id' in part ? part.id : undefined, delta);
        return;
      case 'tool-call':
        this.takeCall(part as JsonObject);
        return;
      case 'response-metadata':
        Object.assign(this.response, part);
        return;
      case 'finish':
        this.end = part as JsonObject;
        return;
      case 'error':
        throw 'error' in part ? part.error : part;
      default:
        // Beginnings, ends, sources, files, and kinds to come.
        return;
    }
  }

  finish(): ProviderAnswer {
    if (!this.end) throw brokenOff();
    const { usage = null, finishReason = null } = this.end;
    return readAiSdkResult({ content: this.content, usage, finishReason, response: this.response }, this.model);
  }

  /** Pieces of one kind that follow on one another are one content. */
  private add(type: 'text' | 'reasoning', delta: string): void {
    this.count(delta);
    const last = this.content.at(-1);
    if (last?.type === type) last.text = `${text(last.text) ?? ''}${delta}`;
    else this.content.push({ type, text: delta });
  }

  /** The whole call comes after its pieces, or alone. */
  private takeCall(part: JsonObject): void {
    this.content.push(part);
    if (part.providerExecuted === true || this.told.includes(text(part.toolCallId) ?? '')) return;
    const input = isObject(part.input) ? JSON.stringify(part.input) : (text(part.input) ?? '');
    this.count(input);
    this.tellCall(part, 'toolCallId', input);
  }

  private tellCall(part: AiSdkPart, idMember: string, input: string): void {
    const members = objectIn(part as Json);
    const [id, name] = [text(members[idMember]) ?? '', text(members.toolName) ?? ''];
    const index = this.told.push(id) - 1;
    this.onDelta({ toolCalls: [{ index, ...toolCallBody(id, name, input) }] });
  }

  private tellInput(id: Json | undefined, delta: string): void {
    this.count(delta);
    const index = this.told.indexOf(text(id) ?? '');
    if (index !== -1 && delta !== '') this.onDelta({ toolCalls: [{ index, function: { arguments: delta } }] });
  }

  private count(piece: string): void {
    this.length += piece.length;
    if (this.length > this.maxLength) throw tooLarge(this.maxLength);
  }
}
