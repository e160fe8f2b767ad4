import { isJsonObject, type ErrorDetail } from '@headrace/contracts';

const roles: readonly unknown[] = ['system', 'developer', 'user', 'assistant', 'tool', 'function'];
const param = 'messages';

/** Every way in which `messages` is not a conversation as OpenAI's API takes it. */
export function chatMessageViolations(messages: unknown): ErrorDetail[] {
  if (messages === undefined || messages === null) {
    return [{ param, message: 'messages is missing. Send a list of {role, content}.' }];
  }
  if (!Array.isArray(messages)) return [{ param, message: 'messages must be a list of {role, content}.' }];
  if (messages.length === 0) return [{ param, message: 'messages is empty. Send at least one {role, content}.' }];
  return messages.flatMap((message: unknown, index) => messageViolations(message, `${param}.${index}`));
}

function messageViolations(message: unknown, path: string): ErrorDetail[] {
  if (!isJsonObject(message)) return [{ param: path, message: `${path} must be an object {role, content}.` }];
  const violations: ErrorDetail[] = [];
  if (!roles.includes(message.role)) {
    violations.push({ param: `${path}.role`, message: `${path}.role must be one of ${roles.join(', ')}.` });
  }
  if (!isContent(message)) {
    violations.push({
      param: `${path}.content`,
      message: `${path}.content must be text or a non-empty list of content parts, each an object with a type.`,
    });
  }
  return violations;
}

function isContent({ role, content, tool_calls: toolCalls, function_call: functionCall }: Record<string, unknown>) {
  if (typeof content === 'string') return true;
  if (Array.isArray(content)) {
    return content.length > 0 && content.every((part) => isJsonObject(part) && typeof part.type === 'string');
  }
  // An assistant that called tools said nothing.
  return (content ?? null) === null && role === 'assistant' && (toolCalls ?? functionCall ?? null) !== null;
}
