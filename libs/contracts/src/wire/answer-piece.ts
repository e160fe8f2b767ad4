import type { JsonObject } from '../schema/json.js';

/**
 * A piece of an answer that is being generated. Nothing depends on it: the whole answer is in the log at the end. One
 * with neither text nor tool calls is no piece, but says which one comes next.
 */
export interface AnswerPiece {
  /** From 0, without gaps; whoever sees a gap has missed a piece. */
  readonly index: number;
  /** Text that follows on what came before; left out when the piece has none. */
  readonly content?: string;
  /** Pieces of tool calls, as in `choices[0].delta.tool_calls` of OpenAI's `chat.completion.chunk`. */
  readonly toolCalls?: readonly JsonObject[];
}

/** All that was told of an answer that is still being generated: what its pieces come to, one after the other. */
export interface AnswerSoFar {
  /** Index of the piece that comes next; those below it are in here. */
  readonly next: number;
  /** The text of all of them. */
  readonly content: string;
  /** The pieces of tool calls of all of them, in their order. */
  readonly toolCalls: readonly JsonObject[];
}
