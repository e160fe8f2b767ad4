import { describe, expect, it } from '@jest/globals';
import { planOfWorkflow, waitOfWorkflow, type AwaitingWorkflow, type PlannedWorkflow } from './workflow-plan.js';

const workflow: PlannedWorkflow = {
  provider: 'openai',
  model: 'gpt-4o',
  timeoutMs: 9_000,
  fallbacks: [],
  retry: null,
  repairAttempts: 1,
  maxConcurrent: null,
  cacheSeconds: null,
  maxToolRounds: 8,
  systemInstructions: null,
  structuredOutput: null,
  parameters: {},
  offlineFallback: false,
  testDelayMs: 0,
};
const awaiting: AwaitingWorkflow = {
  name: 'demo',
  version: 2,
  eventName: 'ready',
  callbackTimeoutSeconds: 300,
  reminderSeconds: null,
};

describe('the plan of a workflow', () => {
  it('tells the rounds of tool results only where they are not the usual ones', () => {
    expect(planOfWorkflow(workflow)).not.toHaveProperty('maxToolRounds');
    expect(planOfWorkflow({ ...workflow, maxToolRounds: 3 }).maxToolRounds).toBe(3);
  });
});

describe('the wait for the callback of a workflow', () => {
  it('has no reminders unless the workflow asks for them and there is something to wait for', () => {
    expect(waitOfWorkflow(awaiting)).toEqual({
      workflow: 'demo',
      workflowVersion: 2,
      eventName: 'ready',
      callbackWindowMs: 300_000,
    });
    expect(waitOfWorkflow({ ...awaiting, reminderSeconds: 60, eventName: null })).not.toHaveProperty('reminderMs');
  });

  it.each([
    [3_600, 3_600_000],
    [
      [60, 90],
      [60_000, 90_000],
    ],
  ])('has reminders at %j seconds', (reminderSeconds, reminderMs) => {
    expect(waitOfWorkflow({ ...awaiting, reminderSeconds }).reminderMs).toEqual(reminderMs);
  });
});
