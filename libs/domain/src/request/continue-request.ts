import type {
  CallbackRecord,
  DataOf,
  GenerationOutput,
  GenerationPlan,
  GenerationSummary,
  RequestContext,
  requestContinued,
  requestGenerated,
} from '@headrace/contracts';
import type { NextStage } from './request.commands.js';
import { mostStages, progressAfter, progressOf, usualToolRounds } from './request.progress.js';
import { parametersAfterTools, toolCallsOf, toolResultViolations, withToolResults } from './tool-calls.js';

type Generated = DataOf<typeof requestGenerated>;
type Continued = DataOf<typeof requestContinued>;

/** Whether an answer calls tools although its stage has had all its rounds of tool results. */
export const callsTooManyTools = (context: RequestContext, plan: GenerationPlan, output: GenerationOutput): boolean =>
  progressOf(context).toolRounds >= (plan.maxToolRounds ?? usualToolRounds) && toolCallsOf(output).length > 0;

/** Whether a request has run through all the workflows that one may. */
export const isLastStage = (context: RequestContext): boolean => progressOf(context).stage >= mostStages;

/** The next round of a conversation; undefined when the results do not answer the model's calls. */
export function continuedWithResults(
  { context, generation, output, conversation }: Generated,
  callback: CallbackRecord,
): Continued | undefined {
  const results = callback.toolResults ?? [];
  if (!conversation || toolResultViolations(toolCallsOf(output), results).length > 0) return undefined;
  const { plan, messages } = conversation;
  return continued(context, generation, callback, 'tool_results', {
    plan: { ...plan, parameters: parametersAfterTools(plan.parameters) },
    messages: withToolResults(messages, output, results),
  });
}

/** The next stage of a chain; undefined when it has had all that it may have. */
export function continuedWithStage(
  { context, generation }: Generated,
  callback: CallbackRecord,
  { context: own, plan, messages }: NextStage,
): Continued | undefined {
  if (isLastStage(context)) return undefined;
  // What the earlier workflow alone had to say. A request that has got this far does not expire any more.
  const { workflowVersion: _version, reminderMs: _reminders, ...kept } = context;
  const testMode = context.testMode || own.testMode;
  return continued(
    {
      ...kept,
      ...own,
      customerData: { ...context.customerData, ...own.customerData },
      testMode,
      environment: own.testMode && context.environment === 'live' ? 'test' : context.environment,
    },
    generation,
    callback,
    'stage',
    { plan, messages: [...messages] },
  );
}

function continued(
  { expiresAt: _expiry, ...context }: RequestContext,
  generation: GenerationSummary,
  callback: CallbackRecord,
  reason: Continued['reason'],
  question: Pick<Continued, 'plan' | 'messages'>,
): Continued {
  const progress = progressAfter(context, generation, callback.fingerprint, reason);
  return {
    context: { ...context, progress },
    ...question,
    round: progress.round,
    reason,
    callback,
    continuedAt: callback.receivedAt,
  };
}
