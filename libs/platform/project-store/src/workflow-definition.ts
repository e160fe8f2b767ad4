import type { Workflow } from './project-configuration.js';

/** All that a person decides about a workflow. */
export type WorkflowDefinition = Omit<Workflow, 'id' | 'structuredOutput' | 'cacheFields' | 'parameters'> & {
  readonly structuredOutputId: string | null;
  readonly cacheFields: string[];
  readonly parameters: object;
};

/** What a new workflow has where nothing else is said. */
export const workflowDefaults: Omit<WorkflowDefinition, 'name' | 'provider' | 'model'> = {
  description: null,
  fallbacks: [],
  timeoutMs: 60_000,
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

/** Only what a person decides, in a fixed order. */
export function definitionOf(workflow: WorkflowDefinition): WorkflowDefinition {
  return {
    name: workflow.name,
    description: workflow.description,
    provider: workflow.provider,
    model: workflow.model,
    fallbacks: workflow.fallbacks,
    timeoutMs: workflow.timeoutMs,
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
