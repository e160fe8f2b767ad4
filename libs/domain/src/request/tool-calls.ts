import {
  isJsonObject,
  type ChatMessage,
  type ErrorDetail,
  type GenerationOutput,
  type Json,
  type JsonObject,
  type ToolResult,
} from '@headrace/contracts';

/** A tool that the model wants to have called. */
export interface ToolCall {
  readonly id: string;
  /** Of the function, as far as it is told. */
  readonly name: string;
}

/** The tools that an answer asks to have called; empty for a final answer. Without an id nothing can be answered. */
export function toolCallsOf(output: GenerationOutput): ToolCall[] {
  const calls = messageOf(output)?.['tool_calls'];
  if (!Array.isArray(calls)) return [];
  return calls.filter(isJsonObject).flatMap(({ id, function: called }) => {
    const name = isJsonObject(called) ? called['name'] : undefined;
    return typeof id === 'string' && id !== '' ? [{ id, name: typeof name === 'string' ? name : '' }] : [];
  });
}

/** Every way in which results do not answer the calls one by one. `param`s are fields of the callback. */
export function toolResultViolations(calls: readonly ToolCall[], results: readonly ToolResult[]): ErrorDetail[] {
  const param = 'tool_results';
  if (calls.length === 0) {
    return [{ param, message: 'The model called no tools in its last answer. Send data or an error instead.' }];
  }
  const wanted = new Set(calls.map(({ id }) => id));
  const seen = new Set<string>();
  const violations: ErrorDetail[] = [];
  results.forEach(({ toolCallId }, index) => {
    const field = `${param}.${index}.tool_call_id`;
    if (!wanted.has(toolCallId)) {
      const message = `${field} is "${toolCallId}", which the model did not call. It called: ${[...wanted].join(', ')}.`;
      violations.push({ param: field, message });
    } else if (seen.has(toolCallId)) {
      violations.push({ param: field, message: `${field} repeats "${toolCallId}". Send one result for each call.` });
    }
    seen.add(toolCallId);
  });
  const missing = calls.filter(({ id }) => !seen.has(id)).map(({ id, name }) => (name ? `${id} (${name})` : id));
  if (missing.length > 0) {
    violations.push({ param, message: `tool_results has no result for ${missing.join(', ')}. Every call needs one.` });
  }
  return violations;
}

/** A conversation with the answer that called tools and their results behind it, in the order of the calls. */
export function withToolResults(
  messages: readonly ChatMessage[],
  output: GenerationOutput,
  results: readonly ToolResult[],
): ChatMessage[] {
  const { content = null, tool_calls: calls = [], ...beyond } = messageOf(output) ?? {};
  const byId = new Map(results.map(({ toolCallId, content: result }) => [toolCallId, result]));
  const called: ChatMessage & JsonObject = { role: 'assistant', content, ...thoughtsIn(beyond), tool_calls: calls };
  const told = toolCallsOf(output).map(({ id }) => ({
    role: 'tool',
    tool_call_id: id,
    content: textOf(byId.get(id) ?? null),
  }));
  return [...messages, called, ...told];
}

/**
 * What models want back unchanged, because they think on from there. Whatever else providers tell in their answers,
 * others refuse in a question; these are sent only to those who know them.
 */
const thoughts = ['reasoning_content', 'thinking_blocks', 'thinking_model', 'tool_plan', 'reasoning_items'];

const thoughtsIn = (message: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(message).filter(([name, value]) => thoughts.includes(name) && value !== null));

/**
 * The parameters of an answer after tool results. A choice that forces a tool is left to the model from then on:
 * otherwise it could never give a final answer.
 */
export function parametersAfterTools(parameters: JsonObject): JsonObject {
  const { tool_choice: choice, ...rest } = parameters;
  return choice === 'auto' || choice === 'none' || choice === undefined ? parameters : rest;
}

/** The first choice's message of a body in `chat.completion` shape. */
function messageOf({ data }: GenerationOutput): JsonObject | undefined {
  const choices = isJsonObject(data) ? data['choices'] : undefined;
  const first = Array.isArray(choices) ? choices[0] : undefined;
  return isJsonObject(first) && isJsonObject(first['message']) ? first['message'] : undefined;
}

const textOf = (content: Json): string => (typeof content === 'string' ? content : JSON.stringify(content));
