import type { JsonObject } from '../schema/json.js';

/** A piece of an answer that is being generated. Nothing depends on it: the whole answer is in the log at the end. */
export interface AnswerPiece {
  /** From 0, without gaps; whoever sees a gap has missed a piece. */
  readonly index: number;
  /** Text that follows on what came before; left out when the piece has none. */
  readonly content?: string;
  /** Pieces of tool calls, as in `choices[0].delta.tool_calls` of OpenAI's `chat.completion.chunk`. */
  readonly toolCalls?: readonly JsonObject[];
}
