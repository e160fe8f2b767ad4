import { isJsonObject, type AnswerPiece, type JsonObject } from '@headrace/contracts';

/** What is left to tell of an answer's first choice. */
export interface Remainder {
  readonly content: string;
  readonly toolCalls: readonly JsonObject[];
}

interface ToldCall {
  readonly index: number;
  arguments: string;
}

/** What a client was told of an answer so far, so that pieces and the whole answer add up to one text. */
export class ToldAnswer {
  #content = '';
  readonly #calls = new Map<number, ToldCall>();

  /** Whether nothing was told. */
  get isEmpty(): boolean {
    return this.#content === '' && this.#calls.size === 0;
  }

  add({ content = '', toolCalls = [] }: Pick<AnswerPiece, 'content' | 'toolCalls'>): void {
    this.#content += content;
    for (const piece of toolCalls) {
      const index = indexOf(piece);
      const call = this.#calls.get(index) ?? { index, arguments: '' };
      call.arguments += argumentsOf(piece);
      this.#calls.set(index, call);
    }
  }

  /**
   * What must follow on what was told to make it the whole answer; undefined when nothing can: the answer is another
   * one than that which was begun.
   */
  remainderOf(content: string, toolCalls: readonly JsonObject[]): Remainder | undefined {
    if (!content.startsWith(this.#content)) return undefined;
    const missing: JsonObject[] = [];
    for (const [index, call] of toolCalls.entries()) {
      const told = this.#calls.get(index);
      if (!told) {
        missing.push({ index, ...call });
        continue;
      }
      const whole = argumentsOf(call);
      if (!whole.startsWith(told.arguments)) return undefined;
      const rest = whole.slice(told.arguments.length);
      if (rest !== '') missing.push({ index, function: { arguments: rest } });
    }
    if (this.#calls.size > toolCalls.length) return undefined;
    return { content: content.slice(this.#content.length), toolCalls: missing };
  }
}

const indexOf = ({ index }: JsonObject): number => (typeof index === 'number' ? index : 0);

function argumentsOf({ function: called }: JsonObject): string {
  const text = isJsonObject(called) ? called.arguments : undefined;
  return typeof text === 'string' ? text : '';
}
