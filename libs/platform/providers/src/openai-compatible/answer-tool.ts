import type { Json, JsonObject } from '@headrace/contracts';
import type { AnswerDelta, ProviderAnswer } from '../ai-provider.js';
import { isObject } from '../chat/json.js';

/** Name of the tool whose arguments are the answer. No tool of a client is called so but by intent. */
const toolName = 'structured_answer';

/**
 * Asks for an answer by a tool that must be called with it, for servers that know tools but no schemas, and reads the
 * call as the answer that it is. One instance for one call.
 */
export class AnswerTool {
  /** The arguments of a tool are an object: anything else goes under `value`. */
  private readonly isWrapped: boolean;
  /** The index of the call that is the answer, once it has begun. */
  private index: number | undefined;

  constructor(private readonly schema: JsonObject) {
    this.isWrapped =
      schema.type !== 'object' || ['anyOf', 'oneOf', 'allOf'].some((keyword) => Object.hasOwn(schema, keyword));
  }

  /** `tools` and `tool_choice` of the request: the client's own tools stay, and may be called first. */
  settings({ tools, tool_choice: choice }: JsonObject): JsonObject {
    const own = Array.isArray(tools) ? tools : [];
    const description = 'Gives the final answer. Call it exactly once, with the whole answer as its arguments.';
    const tool = { type: 'function', function: { name: toolName, description, parameters: this.parameters() } };
    const answering = { type: 'function', function: { name: toolName } };
    return {
      tools: [...own, tool],
      tool_choice: own.length === 0 || choice === 'none' ? answering : isObject(choice) ? choice : 'required',
    };
  }

  /** A piece as the client is told it: the arguments of the answer are its text. Null: nothing. */
  delta({ content, toolCalls = [] }: AnswerDelta): AnswerDelta | null {
    let text = content ?? '';
    const others: JsonObject[] = [];
    for (const piece of toolCalls) {
      const called = isObject(piece.function) ? piece.function : {};
      if (called.name === toolName) this.index = Number(piece.index);
      if (piece.index !== this.index) others.push(piece);
      // What is wrapped cannot be told before it is whole.
      else if (!this.isWrapped && typeof called.arguments === 'string') text += called.arguments;
    }
    if (text === '' && others.length === 0) return null;
    return { ...(text === '' ? {} : { content: text }), ...(others.length === 0 ? {} : { toolCalls: others }) };
  }

  /** An answer whose call of the tool became its content; one that calls other tools too wants their results first. */
  answer(answer: ProviderAnswer): ProviderAnswer {
    const called = answer.toolCalls.find((call) => isObject(call.function) && call.function.name === toolName);
    if (!called) return answer;
    const toolCalls = answer.toolCalls.filter((call) => call !== called);
    const hasOthers = toolCalls.length > 0;
    const content = hasOthers ? answer.content : this.contentOf(called);
    const finishReason = hasOthers || answer.finishReason !== 'tool_calls' ? answer.finishReason : 'stop';
    return {
      ...answer,
      content,
      toolCalls,
      finishReason,
      body: bodyWith(answer.body, content, toolCalls, finishReason),
    };
  }

  private parameters(): JsonObject {
    if (!this.isWrapped) return this.schema;
    // References are looked up from the root, so the definitions move there.
    const { $defs, definitions, $schema: _dialect, ...value } = this.schema;
    return {
      ...{ type: 'object', properties: { value }, required: ['value'] },
      ...($defs === undefined ? {} : { $defs }),
      ...(definitions === undefined ? {} : { definitions }),
    };
  }

  private contentOf(call: JsonObject): string {
    const text = isObject(call.function) ? call.function.arguments : '';
    const given = typeof text === 'string' ? text : JSON.stringify(text ?? {});
    if (!this.isWrapped) return given;
    try {
      const parsed = JSON.parse(given) as Json;
      return JSON.stringify(isObject(parsed) ? (parsed.value ?? null) : parsed);
    } catch {
      // Whoever validates the answer says what is wrong with it.
      return given;
    }
  }
}

function bodyWith(
  body: JsonObject,
  content: string | null,
  toolCalls: readonly JsonObject[],
  finishReason: string | null,
): JsonObject {
  const [first, ...rest] = Array.isArray(body.choices) ? body.choices : [];
  const choice = isObject(first) ? first : {};
  const { tool_calls: _calls, ...message } = isObject(choice.message) ? choice.message : {};
  const said = { ...message, content, ...(toolCalls.length === 0 ? {} : { tool_calls: [...toolCalls] }) };
  return { ...body, choices: [{ ...choice, message: said, finish_reason: finishReason }, ...rest] };
}
