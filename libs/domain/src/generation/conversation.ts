import type { ChatMessage, GenerationPlan, SchemaViolation } from '@headrace/contracts';
import type { Misfit } from './failed-attempt.js';

/** The conversation that a provider gets: the workflow's instructions before what the client sent. */
export function conversationOf(
  { systemInstructions }: GenerationPlan,
  messages: readonly ChatMessage[],
): readonly ChatMessage[] {
  if (systemInstructions === null || systemInstructions === '') return messages;
  return [{ role: 'system', content: systemInstructions }, ...messages];
}

/** The conversation behind answers that did not fit: each is shown to its model again, with what is wrong with it. */
export function repairConversation(
  messages: readonly ChatMessage[],
  misfits: readonly Misfit[],
): readonly ChatMessage[] {
  if (misfits.length === 0) return messages;
  return [
    ...messages,
    ...misfits.flatMap(({ content, violations }) => [
      // Some providers refuse an empty message.
      { role: 'assistant', content: content === '' ? '(empty)' : content },
      { role: 'user', content: whatIsWrong(violations) },
    ]),
  ];
}

function whatIsWrong(violations: readonly SchemaViolation[]): string {
  const problem =
    violations.length === 0
      ? 'Your answer is not valid JSON.'
      : `Your answer does not fit the JSON schema:\n${violations.map((one) => `- ${violationText(one)}`).join('\n')}`;
  return `${problem}\nAnswer again with the corrected JSON only, without explanations and without a code fence.`;
}

/** A violation in words: `/title must be string`. */
export const violationText = ({ path, message }: SchemaViolation): string => `${path === '' ? 'it' : path} ${message}`;
