import type { JsonObject } from '@headrace/contracts';
import type { StreamOptions } from '../ai-provider.js';
import { unusable } from '../chat/chat-completion.js';
import { count, objectIn, parsedObject, text } from '../chat/json.js';
import { StreamedAnswer } from '../chat/streamed-answer.js';
import { readAnthropicMessage } from './anthropic.answer.js';
import { answerToolName, type AnswerForm } from './answer-form.js';
import { errorInAnthropicAnswer } from './anthropic.errors.js';

/** A content block that is put together from its deltas. */
interface StreamedBlock {
  readonly start: JsonObject;
  /** Pieces by the member that they make up: text, thinking, signature, input. */
  readonly pieces: Map<string, string[]>;
  /** Position among the client's tool calls; -1 for other blocks. */
  readonly callIndex: number;
}

/** Members of deltas, and the member of the block that they add to. */
const members: readonly (readonly [delta: string, block: string])[] = [
  ['text', 'text'],
  ['thinking', 'thinking'],
  ['signature', 'signature'],
  ['partial_json', 'input'],
];

/** Reads the events of a streamed Message: `message_start`, content blocks, `message_delta`, `message_stop`. */
export class AnthropicStream extends StreamedAnswer {
  private message: JsonObject = {};
  private readonly blocks = new Map<number, StreamedBlock>();
  private calls = 0;

  constructor(
    options: Pick<StreamOptions, 'onDelta'>,
    maxLength: number,
    private readonly form: AnswerForm,
  ) {
    super(options.onDelta, maxLength, (body) => readAnthropicMessage(body, form));
  }

  protected takeEvent(event: JsonObject): boolean {
    switch (event.type) {
      case 'message_start':
        this.message = { ...objectIn(event.message) };
        return false;
      case 'content_block_start':
        this.startBlock(count(event.index) ?? 0, objectIn(event.content_block));
        return false;
      case 'content_block_delta':
        this.addToBlock(count(event.index) ?? 0, objectIn(event.delta));
        return false;
      case 'message_delta':
        Object.assign(this.message, objectIn(event.delta));
        // Counts grow: what is not told again stays as message_start had it.
        this.message.usage = { ...objectIn(this.message.usage), ...withoutNulls(objectIn(event.usage)) };
        return false;
      case 'message_stop':
        return true;
      case 'error':
        throw errorInAnthropicAnswer(event);
      default:
        // ping, content_block_stop, and kinds to come.
        return false;
    }
  }

  protected body(): JsonObject {
    const inOrder = [...this.blocks].sort(([a], [b]) => a - b);
    return { ...this.message, content: inOrder.map(([, block]) => wholeBlock(block)) };
  }

  private startBlock(index: number, start: JsonObject): void {
    const isAnswer = this.form.by === 'tool' && start.name === answerToolName;
    const isCall = start.type === 'tool_use' && !isAnswer;
    const block = { start, pieces: new Map<string, string[]>(), callIndex: isCall ? this.calls++ : -1 };
    this.blocks.set(index, block);
    if (isCall) this.tellCall(block.callIndex, text(start.id) ?? '', this.keep(text(start.name) ?? ''), '');
    if (start.type === 'text') this.tellText(this.keep(text(start.text) ?? ''));
  }

  private addToBlock(index: number, delta: JsonObject): void {
    const block = this.blocks.get(index);
    if (!block) throw unusable('A piece of the provider’s stream belongs to no block.');
    for (const [from, to] of members) {
      const piece = text(delta[from]);
      if (piece === undefined) continue;
      const pieces = block.pieces.get(to) ?? [];
      block.pieces.set(to, pieces);
      pieces.push(this.keep(piece));
      if (to === 'text') this.tellText(piece);
      else if (to === 'input') this.tellArguments(block, piece);
    }
  }

  /** The arguments of the tool that holds the answer are its text; wrapped ones cannot be told in pieces. */
  private tellArguments({ callIndex, start }: StreamedBlock, piece: string): void {
    if (callIndex !== -1) this.tellInput(callIndex, piece);
    else if (this.form.by === 'tool' && !this.form.isWrapped && start.name === answerToolName) this.tellText(piece);
  }
}

function wholeBlock({ start, pieces }: StreamedBlock): JsonObject {
  const block = { ...start };
  for (const [member, parts] of pieces) {
    const joined = parts.join('');
    if (member === 'input') block.input = inputOf(joined);
    else block[member] = (text(start[member]) ?? '') + joined;
  }
  return block;
}

/** A tool without arguments has no pieces or empty ones. */
function inputOf(json: string): JsonObject {
  const input = json.trim() === '' ? {} : parsedObject(json);
  if (!input) throw unusable('The arguments of a tool call in the provider’s stream are not a JSON object.');
  return input;
}

const withoutNulls = (usage: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(usage).filter(([, value]) => value !== null));
