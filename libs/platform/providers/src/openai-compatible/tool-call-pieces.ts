import type { Json, JsonObject } from '@headrace/contracts';
import { isObject } from '../chat/json.js';

/** A tool call that is put together from its pieces. */
interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** Pieces of the JSON text of the arguments. */
  readonly parts: string[];
}

/**
 * Puts the tool calls of a streamed message together, by their `index`. Some servers leave the index out, repeat the
 * name in every piece or send the arguments as an object: what comes out is as OpenAI writes it.
 */
export class ToolCallPieces {
  private readonly calls = new Map<number, ToolCall>();
  private latest = -1;

  /** Takes `delta.tool_calls`; returns the pieces in one form, and how many characters they add. */
  take(pieces: readonly Json[]): { readonly told: JsonObject[]; readonly length: number } {
    const told: JsonObject[] = [];
    let length = 0;
    for (const piece of pieces) {
      if (!isObject(piece)) continue;
      const { index, call, isNew } = this.callOf(piece);
      const given = isObject(piece.function) ? piece.function.arguments : undefined;
      const text = typeof given === 'string' ? given : isObject(given) ? JSON.stringify(given) : '';
      if (text !== '') call.parts.push(text);
      length += text.length + (isNew ? call.name.length : 0);
      told.push(
        isNew
          ? { index, id: call.id, type: 'function', function: { name: call.name, arguments: text } }
          : { index, function: { arguments: text } },
      );
    }
    return { told, length };
  }

  /** The calls so far, in the order of their index. */
  whole(): JsonObject[] {
    return [...this.calls]
      .sort(([a], [b]) => a - b)
      .map(([, { id, name, parts }]) => ({ id, type: 'function', function: { name, arguments: parts.join('') } }));
  }

  private callOf(piece: JsonObject): { index: number; call: ToolCall; isNew: boolean } {
    const index = this.indexOf(piece);
    this.latest = index;
    const known = this.calls.get(index);
    if (known) return { index, call: known, isNew: false };
    const name = isObject(piece.function) && typeof piece.function.name === 'string' ? piece.function.name : '';
    const call = { id: idOf(piece) ?? `call_${index}`, name, parts: [] };
    this.calls.set(index, call);
    return { index, call, isNew: true };
  }

  /** Without an index, a new id begins the next call and anything else goes on with the latest. */
  private indexOf(piece: JsonObject): number {
    if (typeof piece.index === 'number') return piece.index;
    const id = idOf(piece);
    if (id === undefined) return Math.max(this.latest, 0);
    const known = [...this.calls].find(([, call]) => call.id === id);
    return known ? known[0] : this.calls.size;
  }
}

const idOf = ({ id }: JsonObject): string | undefined => (typeof id === 'string' && id !== '' ? id : undefined);
