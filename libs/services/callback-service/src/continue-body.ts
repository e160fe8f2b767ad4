import { isJsonObject, type ChatMessage, type ErrorDetail, type Json, type JsonObject } from '@headrace/contracts';
import { chatMessageViolations } from '@headrace/domain';

/** A callback's `continue`, when it has no violations. */
export interface ContinueBody {
  /** Name of the next workflow. */
  readonly workflow: string;
  readonly messages: readonly ChatMessage[];
  readonly metadata?: JsonObject | null;
}

/** Every way in which a callback's `continue` is not `{workflow, messages, metadata?}`. */
export function continueViolations(value: Json | undefined): ErrorDetail[] {
  const param = 'continue';
  if (!isJsonObject(value)) return [{ param, message: 'continue must be an object {workflow, messages}.' }];
  const { workflow, messages, metadata } = value;
  const violations: ErrorDetail[] = [];
  if (typeof workflow !== 'string' || workflow === '') {
    violations.push({ param: `${param}.workflow`, message: 'continue.workflow must be the name of a saved workflow.' });
  }
  const wrong = chatMessageViolations(messages);
  violations.push(...wrong.map((each) => ({ param: `${param}.${each.param}`, message: `${param}.${each.message}` })));
  if (metadata !== undefined && metadata !== null && !isJsonObject(metadata)) {
    violations.push({ param: `${param}.metadata`, message: 'continue.metadata must be an object.' });
  }
  return violations;
}
