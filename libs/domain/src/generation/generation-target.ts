import type { ChatMessage, GenerationAttempt, GenerationPlan, GenerationTarget } from '@headrace/contracts';

/** Whom to ask next: the targets in their order, one attempt each. Undefined when all have failed. */
export function nextTarget(plan: GenerationPlan, attempts: readonly GenerationAttempt[]): GenerationTarget | undefined {
  return plan.targets[attempts.length];
}

/** The conversation that a provider gets: the workflow's instructions before what the client sent. */
export function conversationOf(
  { systemInstructions }: GenerationPlan,
  messages: readonly ChatMessage[],
): readonly ChatMessage[] {
  if (systemInstructions === null || systemInstructions === '') return messages;
  return [{ role: 'system', content: systemInstructions }, ...messages];
}
