import type { Workflow } from './project-configuration.js';

/** All that a person decides about a workflow. */
export type WorkflowDefinition = Omit<
  Workflow,
  'id' | 'version' | 'structuredOutput' | 'cacheFields' | 'parameters'
> & {
  readonly structuredOutputId: string | null;
  readonly cacheFields: string[];
  readonly parameters: object;
};

/** What a new workflow has where nothing else is said. */
export const workflowDefaults: Omit<WorkflowDefinition, 'name' | 'provider' | 'model'> = {
  description: null,
  fallbacks: [],
  timeoutMs: 60_000,
  retry: null,
  repairAttempts: 1,
  maxConcurrent: null,
  priority: 'normal',
  expiresAfterSeconds: null,
  cacheSeconds: null,
  stream: null,
  maxToolRounds: 8,
  reminderSeconds: null,
  systemInstructions: null,
  structuredOutputId: null,
  cacheFields: [],
  eventName: null,
  callbackTimeoutSeconds: 300,
  mode: 'production',
  testDelayMs: 0,
  offlineFallback: false,
  parameters: {},
};

/** A definition as it was once stored: without the fields that workflows have got since. */
export type StoredDefinition = Pick<WorkflowDefinition, 'name' | 'provider' | 'model'> & Partial<WorkflowDefinition>;

/** A stored definition with what its missing fields have stood for. */
export const readDefinition = (stored: StoredDefinition): WorkflowDefinition =>
  definitionOf({ ...workflowDefaults, ...stored });

/** Only what a person decides, in a fixed order. */
export function definitionOf(workflow: WorkflowDefinition): WorkflowDefinition {
  return {
    name: workflow.name,
    description: workflow.description,
    provider: workflow.provider,
    model: workflow.model,
    fallbacks: workflow.fallbacks,
    timeoutMs: workflow.timeoutMs,
    retry: workflow.retry,
    repairAttempts: workflow.repairAttempts,
    maxConcurrent: workflow.maxConcurrent,
    priority: workflow.priority,
    expiresAfterSeconds: workflow.expiresAfterSeconds,
    cacheSeconds: workflow.cacheSeconds,
    stream: workflow.stream,
    maxToolRounds: workflow.maxToolRounds,
    reminderSeconds: workflow.reminderSeconds,
    systemInstructions: workflow.systemInstructions,
    structuredOutputId: workflow.structuredOutputId,
    cacheFields: workflow.cacheFields,
    eventName: workflow.eventName,
    callbackTimeoutSeconds: workflow.callbackTimeoutSeconds,
    mode: workflow.mode,
    testDelayMs: workflow.testDelayMs,
    offlineFallback: workflow.offlineFallback,
    parameters: workflow.parameters,
  };
}
