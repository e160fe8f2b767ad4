import { isJsonObject, type ErrorDetail, type Json, type ToolResult } from '@headrace/contracts';

const param = 'tool_results';

/** Every way in which a callback's `tool_results` are not a list of `{tool_call_id, content}`. */
export function toolResultViolations(value: Json | undefined): ErrorDetail[] {
  if (!Array.isArray(value) || value.length === 0) {
    return [{ param, message: 'tool_results must be a non-empty list of {tool_call_id, content}.' }];
  }
  return value.flatMap((each, index) => resultViolations(each, `${param}.${index}`));
}

/** The results of a list without violations; undefined when there is none. */
export function toolResultsOf(value: Json | undefined): ToolResult[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const results = value as unknown as readonly { tool_call_id: string; content: Json }[];
  return results.map(({ tool_call_id: toolCallId, content }) => ({ toolCallId, content }));
}

function resultViolations(value: Json, path: string): ErrorDetail[] {
  if (!isJsonObject(value)) {
    return [{ param: path, message: `${path} must be an object {tool_call_id, content}.` }];
  }
  const { tool_call_id: id, content } = value;
  const violations: ErrorDetail[] = [];
  if (typeof id !== 'string' || id === '') {
    const message = `${path}.tool_call_id must be the id of one of the model's tool calls.`;
    violations.push({ param: `${path}.tool_call_id`, message });
  }
  if (content === undefined) {
    const message = `${path}.content is missing. Send what the tool came to, as text or any other JSON.`;
    violations.push({ param: `${path}.content`, message });
  }
  return violations;
}
