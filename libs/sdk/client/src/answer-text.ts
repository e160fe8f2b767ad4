import type { AIResponse, TokensEvent } from './types.js';

/** Payload of the server's event `tokens`: each join gets the text from its beginning, counted from 0. */
export interface Tokens {
  readonly data?: unknown;
  readonly index?: unknown;
}

/** What a provider's answer without a structure looks like; with one, anything may stand there. */
interface Completion {
  readonly choices?: readonly { readonly message?: { readonly content?: unknown } }[];
}

/** The text of an answer over all joins, so that listeners are told each part once. */
export class AnswerText {
  text = '';
  #index = 0;
  /** What this join has told so far, until it is past what an earlier one told. */
  #repeated: string | undefined;

  /** From now on the server tells it from the beginning. */
  rejoined(): void {
    this.#repeated = '';
  }

  /** What is new in a frame; undefined if nothing. */
  take({ data, index }: Tokens): TokensEvent | undefined {
    if (typeof data !== 'string') return undefined;
    let fresh: string | undefined = data;
    if (this.#repeated !== undefined) fresh = this.#beyondKnown(data, index === 0);
    else if (index === 0) this.#startOver();
    if (fresh === undefined) return undefined;
    this.text += fresh;
    return { data: fresh, index: this.#index++, text: this.text };
  }

  /** Takes the whole text, if a state has it: pieces may have been left out, or none told at all. */
  respond({ content, ai_response: answer }: AIResponse): void {
    const whole = content ?? (answer?.data as Completion | null | undefined)?.choices?.[0]?.message?.content;
    if (typeof whole === 'string') this.text = whole;
  }

  #beyondKnown(data: string, first: boolean): string | undefined {
    const told = (first ? '' : this.#repeated) + data;
    this.#repeated = told;
    if (this.text.startsWith(told)) return undefined;
    this.#repeated = undefined;
    if (told.startsWith(this.text)) return told.slice(this.text.length);
    // Another answer is under way than the one that was told before.
    this.#startOver();
    return told;
  }

  #startOver(): void {
    this.text = '';
    this.#index = 0;
  }
}
